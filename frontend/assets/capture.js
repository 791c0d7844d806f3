// Takes or chooses a photo, makes it small and upright where the browser can, and hands it to
// Streamlit's own file uploader beside it. A photo of 20 MB does not fit through the socket that
// components speak by, and Streamlit's uploader already has limits, a place and an end for files.
// What begins with make..., shrink and toJpeg are in the other capture_*.js, sent as one script.

const UPLOADER = '[data-testid="stFileUploaderDropzoneInput"]';
const UPLOAD_FAILED = '[data-testid="stFileChipIconError"]';
const LIVE_ADVICE = "app/static/guide/live.js";
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
  const [frame, automatic] = [find(".sn-capture-frame"), find(".sn-capture-auto")];
  const autoSwitch = automatic.querySelector("input");
  const camera = makeCamera(video);
  const countdown = makeCountdown((number) => {
    find(".sn-capture-count").textContent = number;
  });
  let words = {};
  let limits = { types: [], max_bytes: 0 };
  let sent = false;
  // The photo that the server has, and the one it had when another was handed over.
  let [chosen, replaced] = ["", ""];
  let refused = false;
  let [advised, several, counting] = [false, false, ""];
  let stopAdvice = () => {};

  const beside = (selector) => root.closest(".st-key-capture_card")?.querySelector(selector);
  const uploader = () => beside(UPLOADER);
  const say = (sentence, wrong = false) => {
    status.textContent = sentence;
    status.classList.toggle("sn-wrong", wrong);
  };

  function show(state) {
    const taking = state === "taking";
    const [live, counts] = [state === "live" || taking, countdown.isRunning()];
    root.dataset.state = live ? "live" : state;
    video.hidden = !live;
    picture.hidden = state !== "chosen" || !picture.src;
    button("take").hidden = button("timer").hidden = button("stop").hidden = !live || counts;
    button("flip").hidden = !live || counts || !several;
    for (const one of root.querySelectorAll(".sn-capture-buttons button")) one.disabled = taking;
    button("cancel").hidden = !counts;
    automatic.hidden = !live || !advised;
    button("camera").hidden = button("file").hidden = live;
    button("native").hidden ||= live;
    button("camera").textContent = state === "chosen" ? words.camera_again : words.camera;
    button("file").textContent = state === "chosen" ? words.file_again : words.file;
    find(".sn-capture-lead").textContent =
      state === "chosen" ? (picture.src ? "" : noPreview()) : words.lead;
    if (!live) frame.style.removeProperty("--sn-aspect");
  }

  // A photo that was handed over stays the one that is analysed, whatever was tried after it.
  const showWhatIsHeld = () => show(sent ? "chosen" : "idle");

  // What was refused is no longer called one that may still be read.
  const noPreview = () => (refused ? words.no_preview_refused : words.no_preview);

  function stopCamera() {
    stopAdvice();
    countdown.cancel();
    camera.stop();
    advised = false;
    giveAdvice("");
  }

  function giveAdvice(advice) {
    root.dataset.advice = advice;
    const sentence = words.advice?.[advice] ?? "";
    const place = find(".sn-capture-advice");
    // The same text set again may be read aloud again.
    if (place.textContent !== sentence) place.textContent = sentence;
  }

  async function startCamera() {
    button("native").hidden = true;
    if (!navigator.mediaDevices?.getUserMedia) {
      // A phone's own camera app is there without HTTPS too; a computer has nothing like it, and
      // its browsers do not know the attribute.
      button("native").hidden = !("capture" in nativeInput);
      return say(window.isSecureContext ? words.no_camera : words.insecure, true);
    }
    say(words.starting);
    try {
      await camera.open();
    } catch (error) {
      return explain(error);
    }
    several = await camera.hasOther();
    if (!begin()) return;
    button("take").focus({ preventScroll: true });
    frame.scrollIntoView({ block: "start" });
  }

  function explain(error) {
    const sentences = {
      NotAllowedError: words.blocked,
      SecurityError: words.blocked,
      NotReadableError: words.busy,
      AbortError: words.busy,
    };
    stopCamera();
    showWhatIsHeld();
    say(sentences[error.name] ?? words.no_camera, true);
  }

  function begin() {
    // The page may have been left while the camera was turned on.
    if (!root.isConnected) return stopCamera();
    frame.style.setProperty("--sn-aspect", video.videoWidth / video.videoHeight);
    root.toggleAttribute("data-away", camera.looksAway());
    show("live");
    say(words.guide);
    advise();
    return true;
  }

  // The camera serves without it, so it comes last and may fail.
  async function advise() {
    let ended = false;
    let stop = () => {};
    stopAdvice = () => {
      ended = true;
      stop();
    };
    const onMissing = () => {
      if (ended) return;
      advised = false;
      giveAdvice("");
      if (!countdown.isRunning()) say(`${words.guide} ${words.no_advice}`);
      show("live");
    };
    try {
      const { watch } = await import(new URL(LIVE_ADVICE, document.baseURI).href);
      if (ended) return;
      stop = watch(video, { mirrored: !camera.looksAway(), onAdvice, onMissing });
    } catch {
      onMissing();
    }
  }

  function onAdvice(advice, ready) {
    giveAdvice(advice);
    if (!advised) {
      advised = true;
      if (!countdown.isRunning()) say(words.guide);
      show("live");
    }
    if (!autoSwitch.checked) return;
    if (ready && !countdown.isRunning()) count("by itself");
    else if (advice !== "good" && counting === "by itself") giveUp();
  }

  function count(how) {
    counting = how;
    countdown.start(take, cancel);
    show("live");
    say(words.counting);
    // What had the focus may just have been hidden.
    if (document.activeElement !== autoSwitch) button("cancel").focus();
  }

  function giveUp() {
    const focused = document.activeElement === button("cancel");
    countdown.cancel();
    counting = "";
    show("live");
    say(words.guide);
    if (focused) button("take").focus();
  }

  function cancel() {
    // Who calls off a photo that took itself does not want the next one to.
    if (counting === "by itself") autoSwitch.checked = false;
    giveUp();
  }

  async function take() {
    if (!video.videoWidth) return;
    counting = "";
    stopAdvice();
    giveAdvice("");
    // Nothing may be pressed in the half second that it takes.
    show("taking");
    say(words.advice.still);
    const frames = await takeBurst(video);
    if (!camera.isOn()) return;
    stopCamera();
    hand(asOneFile(frames, limits.max_bytes), frames[0]);
    button("camera").focus();
  }

  async function choose(file) {
    if (!file) return;
    stopCamera();
    say(words.preparing);
    const ending = file.name.split(".").pop().toLowerCase();
    if (!limits.types.includes(ending)) {
      showWhatIsHeld();
      return say(words.wrong_type, true);
    }
    const small = await shrink(file);
    if ((small ?? file).size > limits.max_bytes) {
      showWhatIsHeld();
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
    refused = false;
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
  button("timer").onclick = () => count("by hand");
  button("cancel").onclick = cancel;
  button("flip").onclick = async () => {
    stopAdvice();
    giveAdvice("");
    try {
      await camera.openOther();
    } catch (error) {
      return explain(error);
    }
    begin();
  };
  button("stop").onclick = () => {
    stopCamera();
    showWhatIsHeld();
    say("");
    button("camera").focus();
  };
  button("native").onclick = () => nativeInput.click();
  button("file").onclick = () => fileInput.click();
  for (const input of [fileInput, nativeInput]) {
    input.onchange = async () => {
      await choose(input.files[0]);
      input.value = "";
    };
  }
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
      if (!camera.isOn()) show("idle");
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
      for (const name of ["take", "timer", "cancel", "flip", "stop", "native"]) {
        button(name).textContent = words[name];
      }
      automatic.querySelector("span").textContent = words.automatic;
      fileInput.accept = data.types.map((ending) => `.${ending}`).join(",");
      lookAtUploader();
      chosen = data.chosen;
      const arrived = sent && chosen && chosen !== replaced;
      refused = arrived && data.refused;
      if (!camera.isOn()) showWhatIsHeld();
      if (arrived) say(refused ? "" : words.chosen);
    },
    leave() {
      watcher.disconnect();
      stopCamera();
      URL.revokeObjectURL(picture.src);
    },
  };
}
