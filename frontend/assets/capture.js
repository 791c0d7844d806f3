// Takes or chooses a photo, makes it small and upright where the browser can, and hands it to
// Streamlit's own file uploader beside it. A photo of 20 MB does not fit through the socket that
// components speak by, and Streamlit's uploader already has limits, a place and an end for files.

const LONGEST_SIDE_PX = 1600;
const JPEG_QUALITY = 0.92;
const UPLOADER = '[data-testid="stFileUploaderDropzoneInput"]';
const UPLOAD_FAILED = '[data-testid="stFileChipIconError"]';
const widgets = new WeakMap();

export default function ({ parentElement, data }) {
  const root = parentElement.querySelector(".sn-capture");
  if (!root) return;
  let widget = widgets.get(root);
  if (!widget) {
    widget = start(root);
    widgets.set(root, widget);
  }
  widget.update(data);
  // Streamlit also cleans up before it draws anew; only a widget that has left must let go.
  return () => setTimeout(() => root.isConnected || widget.leave());
}

function start(root) {
  const find = (selector) => root.querySelector(selector);
  const button = (name) => find(`[data-do="${name}"]`);
  const [video, picture, status] = [find("video"), find("img"), find(".sn-capture-status")];
  const [fileInput, nativeInput] = [find(".sn-capture-file"), find(".sn-capture-native")];
  let words = {};
  let limits = { types: [], max_bytes: 0 };
  let stream = null;
  let sent = false;
  // The photo that the server has, and the one it had when another was handed over.
  let [chosen, replaced] = ["", ""];

  const beside = (selector) => root.closest(".st-key-capture_card")?.querySelector(selector);
  const uploader = () => beside(UPLOADER);
  const say = (sentence, wrong = false) => {
    status.textContent = sentence;
    status.classList.toggle("sn-wrong", wrong);
  };

  function show(state) {
    root.dataset.state = state;
    video.hidden = state !== "live";
    picture.hidden = state !== "chosen" || !picture.src;
    button("take").hidden = button("stop").hidden = state !== "live";
    button("camera").hidden = state === "live";
    button("file").hidden = state === "live";
    button("camera").textContent = state === "chosen" ? words.camera_again : words.camera;
    button("file").textContent = state === "chosen" ? words.file_again : words.file;
    find(".sn-capture-lead").textContent =
      state === "chosen" ? (picture.src ? "" : words.no_preview) : words.lead;
    if (state !== "live") find(".sn-capture-frame").style.aspectRatio = "";
  }

  function stopCamera() {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.srcObject = null;
  }

  async function startCamera() {
    if (!navigator.mediaDevices?.getUserMedia) {
      // Without HTTPS a phone's own camera app is still there; a desktop has nothing like it.
      if ("capture" in nativeInput) return nativeInput.click();
      return say(window.isSecureContext ? words.no_camera : words.insecure, true);
    }
    say(words.starting);
    try {
      stream = await navigator.mediaDevices.getUserMedia({
        video: { facingMode: "user", width: { ideal: 1920 }, height: { ideal: 1080 } },
        audio: false,
      });
    } catch (error) {
      const sentences = {
        NotAllowedError: words.blocked,
        SecurityError: words.blocked,
        NotReadableError: words.busy,
        AbortError: words.busy,
      };
      return say(sentences[error.name] ?? words.no_camera, true);
    }
    if (!root.isConnected) return stopCamera();
    video.srcObject = stream;
    await video.play();
    find(".sn-capture-frame").style.aspectRatio = `${video.videoWidth} / ${video.videoHeight}`;
    show("live");
    say(words.guide);
    button("take").focus();
  }

  async function take() {
    if (!video.videoWidth) return;
    const photo = await toJpeg(video, video.videoWidth, video.videoHeight);
    stopCamera();
    hand(new File([photo], "webcam.jpg", { type: "image/jpeg" }), photo);
    button("camera").focus();
  }

  async function choose(file) {
    if (!file) return;
    stopCamera();
    say(words.preparing);
    const ending = file.name.split(".").pop().toLowerCase();
    if (!limits.types.includes(ending)) {
      show("idle");
      return say(words.wrong_type, true);
    }
    const small = await shrink(file);
    if ((small ?? file).size > limits.max_bytes) {
      show("idle");
      return say(words.too_large, true);
    }
    // The file's own name stays with its owner.
    const name = small && small !== file ? "photo.jpg" : `photo.${ending}`;
    hand(new File([small ?? file], name, { type: (small ?? file).type }), small);
  }

  function hand(file, preview) {
    URL.revokeObjectURL(picture.src);
    if (preview) picture.src = URL.createObjectURL(preview);
    else picture.removeAttribute("src");
    show("chosen");
    say(words.preparing);
    sent = true;
    replaced = chosen;
    const input = uploader();
    const carried = new DataTransfer();
    carried.items.add(file);
    input.files = carried.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  button("camera").onclick = startCamera;
  button("take").onclick = take;
  button("stop").onclick = () => {
    stopCamera();
    show(sent ? "chosen" : "idle");
    say("");
    button("camera").focus();
  };
  button("file").onclick = () => fileInput.click();
  for (const input of [fileInput, nativeInput]) {
    input.onchange = async () => {
      await choose(input.files[0]);
      input.value = "";
    };
  }
  const frame = find(".sn-capture-frame");
  frame.ondragover = (event) => {
    event.preventDefault();
    frame.classList.add("sn-over");
  };
  frame.ondragleave = () => frame.classList.remove("sn-over");
  frame.ondrop = (event) => {
    event.preventDefault();
    frame.classList.remove("sn-over");
    choose(event.dataTransfer.files[0]);
  };

  // The uploader is drawn after this widget.
  const watcher = new MutationObserver(lookAtUploader);
  function lookAtUploader() {
    root.toggleAttribute("data-ready", Boolean(uploader()));
    if (sent && beside(UPLOAD_FAILED)) {
      sent = false;
      if (!stream) show("idle");
      say(words.not_sent, true);
    }
  }
  watcher.observe(document.body, { childList: true, subtree: true });

  return {
    update(data) {
      words = data.words;
      limits = data;
      root.setAttribute("aria-label", words.label);
      picture.alt = words.preview;
      button("take").textContent = words.take;
      button("stop").textContent = words.stop;
      fileInput.accept = data.types.map((ending) => `.${ending}`).join(",");
      lookAtUploader();
      if (!stream) show(sent ? "chosen" : "idle");
      chosen = data.chosen;
      if (sent && chosen && chosen !== replaced) say(data.refused ? "" : words.chosen);
    },
    leave() {
      watcher.disconnect();
      stopCamera();
      URL.revokeObjectURL(picture.src);
    },
  };
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
