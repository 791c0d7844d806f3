// One frame in numbers: what the detector found and what the pixels show. Pure functions.

import { LIMITS, eyeDistance } from "./advice.js";

// The part of the detector's box that is skin in every pose: no hair, no background.
const INNER = 0.6;
// As the server's: luma of ITU-R BT.601.
const LUMA = [0.299, 0.587, 0.114];

/**
 * @param detections Of the detector, in shares of the frame.
 * @param pixels {data, width, height}: the frame, RGBA, of any size.
 * @param frame {width, height} of the camera, pixels.
 * @param before The reading before this one, or null.
 */
export function readFrame(detections, pixels, frame, before, nowMs) {
  const everything = { x: 0, y: 0, width: 1, height: 1 };
  const widest = Math.max(0, ...detections.map(({ boundingBox }) => boundingBox.width));
  const counted = detections.filter(
    ({ boundingBox }) => boundingBox.width >= LIMITS.bystander * widest,
  );
  const found = counted.find(({ boundingBox }) => boundingBox.width === widest);
  return {
    ...frame,
    at_ms: nowMs,
    faces: counted.length,
    brightness: brightness(pixels, everything),
    face: found ? readFace(found, pixels, frame, before, nowMs) : null,
  };
}

function readFace({ boundingBox, landmarks }, pixels, frame, before, nowMs) {
  const { xCenter, yCenter, width, height } = boundingBox;
  const inner = {
    x: xCenter - (width * INNER) / 2,
    y: yCenter - (height * INNER) / 2,
    width: width * INNER,
    height: height * INNER,
  };
  const half = { ...inner, width: inner.width / 2 };
  const left = brightness(pixels, half);
  const right = brightness(pixels, { ...half, x: xCenter });
  const place = ({ x, y }) => ({ x: x * frame.width, y: y * frame.height });
  const [oneEye, otherEye, nose] = landmarks.slice(0, 3).map(place);
  const face = {
    box: {
      x: (xCenter - width / 2) * frame.width,
      y: (yCenter - height / 2) * frame.height,
      width: width * frame.width,
      height: height * frame.height,
    },
    // The person's right eye is the one on the image's left, unless the head stands on its crown.
    eyes: [oneEye, otherEye],
    nose,
    brightness: (left + right) / 2,
    evenness: Math.min(left, right) / Math.max(left, right, 1),
  };
  return { ...face, speed: speed(face, before, nowMs) };
}

/** How fast eyes and nose move, eye distances a second; 0 with nothing to compare with. */
export function speed(face, before, nowMs) {
  if (!before?.face || nowMs <= before.at_ms) return 0;
  const points = ({ eyes, nose }) => [...eyes, nose];
  const then = points(before.face);
  const moved = points(face).map(({ x, y }, index) =>
    Math.hypot(x - then[index].x, y - then[index].y),
  );
  const mean = moved.reduce((sum, way) => sum + way, 0) / moved.length;
  return mean / eyeDistance(face) / ((nowMs - before.at_ms) / 1000);
}

/** Mean brightness, 0 to 255, of a box given in shares of the picture, as far as it lies in it. */
export function brightness({ data, width, height }, box) {
  const inside = (share, side) => Math.round(Math.min(Math.max(share, 0), 1) * side);
  const [left, right] = [inside(box.x, width), inside(box.x + box.width, width)];
  const [top, bottom] = [inside(box.y, height), inside(box.y + box.height, height)];
  let sum = 0;
  for (let y = top; y < bottom; y++) {
    for (let at = 4 * (y * width + left); at < 4 * (y * width + right); at += 4) {
      sum += LUMA[0] * data[at] + LUMA[1] * data[at + 1] + LUMA[2] * data[at + 2];
    }
  }
  return sum / Math.max((right - left) * (bottom - top), 1);
}
