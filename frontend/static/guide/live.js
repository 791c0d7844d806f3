// Looks at the camera's picture several times a second and says what would help. The detector
// comes from this app's own address and everything stays in the browser.

import { advise, isReady, steady } from "./advice.js";
import { readFrame } from "./reading.js";

const DETECTOR = new URL("../face_detection-0.4.1657300184/", import.meta.url).href;
const CHECK_WIDTH_PX = 480;
// Five to six checks a second where one takes no time worth mentioning; where it takes long, the
// page has as much time for itself as the check had.
const PAUSE_MS = 150;
const LOADED_WITHIN_MS = 20_000;
// What is slower than this lags behind the person, and a page that is busy all the time obeys
// nobody.
const SLOWEST_CHECK_MS = 1500;
let loading = null;

/**
 * @param video The playing preview.
 * @param mirrored Whether it is a mirror.
 * @param onAdvice Called with (advice, ready) after each check.
 * @param onMissing Called if there will be no advice, or none for now.
 * @returns A function that ends it.
 */
export function watch(video, { mirrored, onAdvice, onMissing }) {
  const life = { ended: false };
  const late = setTimeout(() => life.ended || onMissing(), LOADED_WITHIN_MS);
  follow(video, mirrored, onAdvice, life)
    .catch((error) => {
      console.warn("no live advice:", error);
      // Whatever broke, the next time begins with a new one.
      loading = null;
      if (!life.ended) onMissing();
    })
    .finally(() => clearTimeout(late));
  return () => {
    life.ended = true;
    clearTimeout(late);
  };
}

async function follow(video, mirrored, onAdvice, life) {
  const detect = await (loading ??= load());
  const canvas = document.createElement("canvas");
  const pen = canvas.getContext("2d", { willReadFrequently: true });
  let [shown, before, slow] = [null, null, 0];
  while (!life.ended) {
    const began = performance.now();
    if (video.videoWidth && !document.hidden) {
      const frame = { width: video.videoWidth, height: video.videoHeight };
      canvas.width = Math.min(CHECK_WIDTH_PX, frame.width);
      canvas.height = Math.round((canvas.width * frame.height) / frame.width);
      pen.drawImage(video, 0, 0, canvas.width, canvas.height);
      const pixels = pen.getImageData(0, 0, canvas.width, canvas.height);
      const detections = await detect(canvas);
      if (life.ended) return;
      const reading = readFrame(detections, pixels, frame, before, began);
      const now = performance.now();
      shown = steady(shown, advise(reading, mirrored), now);
      before = reading;
      onAdvice(shown.advice, isReady(shown, now));
    }
    const took = performance.now() - began;
    slow = took > SLOWEST_CHECK_MS ? slow + 1 : 0;
    if (slow > 2) throw new Error(`a check takes ${Math.round(took)} ms`);
    await new Promise((resolve) => setTimeout(resolve, Math.max(PAUSE_MS, took)));
  }
}

async function load() {
  // The detector itself would say so in a window of its own, and not to us.
  if (!hasWebGl()) throw new Error("this browser has no WebGL");
  await loadScript(`${DETECTOR}face_detection.js`);
  const detector = new window.FaceDetection({ locateFile: (name) => DETECTOR + name });
  // Not minDetectionConfidence: in this version, setting it wipes out the graph's other options
  // and the detector stops at its first picture. Its own limit is 0.5.
  detector.setOptions({ model: "short", selfieMode: false });
  let found = [];
  detector.onResults(({ detections }) => (found = detections));
  await detector.initialize();
  // The first picture prepares the network, which takes seconds without a GPU.
  const blank = document.createElement("canvas");
  blank.width = blank.height = 128;
  blank.getContext("2d").fillRect(0, 0, blank.width, blank.height);
  await detector.send({ image: blank });
  return async (image) => {
    await detector.send({ image });
    return found;
  };
}

function hasWebGl() {
  const canvas = document.createElement("canvas");
  return Boolean(canvas.getContext("webgl2") ?? canvas.getContext("webgl"));
}

function loadScript(address) {
  return new Promise((resolve, reject) => {
    if (window.FaceDetection) return resolve();
    const script = document.createElement("script");
    script.src = address;
    script.onload = resolve;
    script.onerror = () => reject(new Error(`cannot load ${address}`));
    document.head.append(script);
  });
}
