// What to say to somebody in front of the camera, from what was measured in one frame. Pure
// functions: positions are pixels of the frame as the camera gives it, y downwards; "left" and
// "right" in an advice are those of the screen, which a mirrored preview turns around.

// The oval, as shares of the frame; capture.css draws the same one.
const OVAL = { height: 0.82, width: 0.72, aspect: 0.76 };

export const LIMITS = {
  // Height of the detector's box, brows to chin, over the oval's. A head fills the oval at 0.68
  // (crown to chin is 1.47 boxes on the sample face). From 0.8 on, the aligned crop of 2.8 eye
  // distances comes near the frame's edges; below 0.5 a frame of 720 lines has 120 px between the
  // eyes, and 92 fill the input of the networks.
  nearest: 0.8,
  farthest: 0.5,
  // Eye distance in the photo that is sent, pixels: those 92 and a little more.
  eyes_px: 100,
  // Middle of the box against that of the oval, in oval heights. The box lacks the forehead, so
  // its middle lies lower than the head's.
  box_below: 0.1,
  beside: 0.12,
  above_or_below: 0.14,
  // Degrees between the line through the eyes and level. The server turns the face upright, so a
  // little costs nothing.
  tilt_degrees: 10,
  // The nose's place along the line from eye to eye, 0.5 in the middle. A nose that stands out by
  // 0.45 eye distances moves by 0.15 when the head turns by 18 degrees.
  turn: 0.15,
  // Mean brightness, 0 to 255; dark skin in good light has 87 and more.
  darkest: 55,
  brightest: 225,
  // Mean of the darker half of the face over that of the brighter one.
  evenness: 0.6,
  // Eye distances a second. Exposed for a thirtieth of a second, this smears by 1.7 % of the eye
  // distance.
  speed: 0.5,
  // A further face counts from this share of the largest one's width, as on the server.
  bystander: 0.5,
};

// Longest side of the photo that is sent; capture_photo.js makes it.
export const LONGEST_SIDE_PX = 1600;

export const GOOD = "good";

/** The oval in a frame: its middle and its size, pixels. */
export function ovalIn(width, height) {
  const ovalHeight = Math.min(OVAL.height * height, (OVAL.width * width) / OVAL.aspect);
  return { x: width / 2, y: height / 2, width: ovalHeight * OVAL.aspect, height: ovalHeight };
}

/**
 * The one thing that helps most, or GOOD.
 *
 * @param reading Of `readFrame`: {width, height, brightness, faces, face}; face is null without
 *   one, else {box, eyes, nose, brightness, evenness, speed}, eyes from the image's left.
 * @param mirrored Whether the preview is a mirror.
 */
export function advise(reading, mirrored) {
  const { face } = reading;
  if (!face) return reading.brightness < LIMITS.darkest ? "dark" : "no_face";
  if (reading.faces > 1) return "several";
  return (
    adviseDistance(reading) ??
    advisePlace(reading, mirrored) ??
    advisePose(face, mirrored) ??
    adviseLight(face) ??
    (face.speed > LIMITS.speed ? "still" : GOOD)
  );
}

function adviseDistance({ width, height, face }) {
  const share = face.box.height / ovalIn(width, height).height;
  if (share > LIMITS.nearest) return "farther";
  const sent = Math.min(1, LONGEST_SIDE_PX / Math.max(width, height));
  const tooFew = eyeDistance(face) * sent < LIMITS.eyes_px;
  return share < LIMITS.farthest || tooFew ? "closer" : null;
}

function advisePlace({ width, height, face: { box } }, mirrored) {
  const oval = ovalIn(width, height);
  const aside = (box.x + box.width / 2 - oval.x) / oval.height;
  const below = (box.y + box.height / 2 - oval.y) / oval.height - LIMITS.box_below;
  if (Math.abs(aside) > LIMITS.beside) return toward("move", aside < 0, mirrored);
  if (Math.abs(below) > LIMITS.above_or_below) return below > 0 ? "move_up" : "move_down";
  return null;
}

function advisePose(face, mirrored) {
  const degrees = tilt(face);
  // Positive: the crown leans towards the image's right.
  if (Math.abs(degrees) > LIMITS.tilt_degrees) return toward("tilt", degrees < 0, mirrored);
  const turned = turn(face);
  if (Math.abs(turned) > LIMITS.turn) return toward("turn", turned < 0, mirrored);
  return null;
}

function adviseLight(face) {
  if (face.brightness < LIMITS.darkest) return "dark";
  if (face.brightness > LIMITS.brightest) return "bright";
  return face.evenness < LIMITS.evenness ? "uneven" : null;
}

// Where to go on the screen, for somebody who has to go to this side of the image.
function toward(what, toImageRight, mirrored) {
  return `${what}_${toImageRight === mirrored ? "left" : "right"}`;
}

export function eyeDistance({ eyes: [left, right] }) {
  return Math.hypot(right.x - left.x, right.y - left.y);
}

/** Degrees by which the head is tilted, positive clockwise in the image. */
export function tilt({ eyes: [left, right] }) {
  return (Math.atan2(right.y - left.y, right.x - left.x) * 180) / Math.PI;
}

/** How far the nose lies beside the middle between the eyes, eye distances; negative to the left. */
export function turn({ eyes: [left, right], nose }) {
  const [across, down] = [right.x - left.x, right.y - left.y];
  const along = (nose.x - left.x) * across + (nose.y - left.y) * down;
  return along / (across ** 2 + down ** 2) - 0.5;
}

const CONFIRMED_MS = 350;
const READABLE_MS = 1500;

/**
 * The advice that is shown next: a new one has to last a moment, and the old one has to have been
 * readable, and heard by who listens to a screen reader. All is well, and no longer is, at once.
 *
 * @param shown {advice, since, next, nextSince} or null at the beginning.
 */
export function steady(shown, advice, nowMs) {
  if (!shown) return { advice, since: nowMs, next: advice, nextSince: nowMs };
  const nextSince = shown.next === advice ? shown.nextSince : nowMs;
  const waited = { ...shown, next: advice, nextSince };
  if (advice === shown.advice) return waited;
  const confirmed = nowMs - nextSince >= CONFIRMED_MS;
  const readable = nowMs - shown.since >= READABLE_MS || [shown.advice, advice].includes(GOOD);
  return confirmed && readable ? { ...waited, advice, since: nowMs } : waited;
}

const WELL_FOR_MS = 1000;

/** Whether all has been well long enough to take the photo. */
export function isReady(shown, nowMs) {
  return shown.advice === GOOD && shown.next === GOOD && nowMs - shown.since >= WELL_FOR_MS;
}
