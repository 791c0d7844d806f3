// Photos as files: small and upright where the browser can make them so.

const LONGEST_SIDE_PX = 1600;
const JPEG_QUALITY = 0.92;

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
