// Photos as files: small and upright where the browser can make them so.

const LONGEST_SIDE_PX = 1600;
const JPEG_QUALITY = 0.92;
// The grades of a burst are those of the mean, so a blink or a twitch counts for less.
const FRAMES = 3;
const BETWEEN_FRAMES_MS = 200;

// Frames of a playing video as JPEG files, in the order they were taken.
async function takeBurst(video) {
  const frames = [toJpeg(video, video.videoWidth, video.videoHeight)];
  while (frames.length < FRAMES) {
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_FRAMES_MS));
    if (!video.videoWidth) break;
    frames.push(toJpeg(video, video.videoWidth, video.videoHeight));
  }
  return Promise.all(frames);
}

// Frames one after another in one file whose name tells their lengths (see frontend/frames.py);
// the first one alone where all are more than may be sent.
function asOneFile(frames, maxBytes) {
  const total = frames.reduce((sum, { size }) => sum + size, 0);
  const sent = total > maxBytes ? frames.slice(0, 1) : frames;
  const name = `webcam-${sent.map(({ size }) => size).join("-")}.jpg`;
  return new File(sent, name, { type: "image/jpeg" });
}

// A JPEG of at most LONGEST_SIDE_PX, upright; the file itself if it is small enough, and null if
// this browser cannot decode it.
async function shrink(file) {
  let bitmap;
  try {
    bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    return null;
  }
  try {
    if (Math.max(bitmap.width, bitmap.height) <= LONGEST_SIDE_PX) return file;
    return await toJpeg(bitmap, bitmap.width, bitmap.height);
  } finally {
    bitmap.close();
  }
}

function toJpeg(source, width, height) {
  const factor = Math.min(1, LONGEST_SIDE_PX / Math.max(width, height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(width * factor);
  canvas.height = Math.round(height * factor);
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  // A clear ground would turn black in a JPEG.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(source, 0, 0, canvas.width, canvas.height);
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no JPEG"))), "image/jpeg", JPEG_QUALITY),
  );
}
