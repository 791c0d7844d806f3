// What Streamlit itself says, in the page's language, a history without half steps, and presses
// that count once.
(told) => {
  document.documentElement.lang = told.lang;
  window.skinNotesSpeak ??= begin();
  window.skinNotesSpeak(told.texts);

  function begin() {
    const SPOKEN = ["aria-label", "placeholder"];
    const PLACES =
      "[data-testid=stSkipToContent], [data-testid=stConnectionStatus], [role=dialog]";
    const shown = new Map(); // what stands for a text of Streamlit's now
    const wanted = new Map(); // what is to stand for that text, or for what stood for it before

    const own = (text) => {
      const [number] = text.match(/\d+/) ?? [""];
      return wanted.get(text.replace(/\d+/, "{n}"))?.replace("{n}", number);
    };

    function nameAnew(element) {
      for (const name of SPOKEN) {
        const text = element.getAttribute(name);
        const instead = text && own(text);
        if (instead && instead !== text) element.setAttribute(name, instead);
      }
    }

    function writeAnew(place) {
      const texts = document.createTreeWalker(place, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        const instead = own(texts.currentNode.data);
        if (instead && instead !== texts.currentNode.data) texts.currentNode.data = instead;
      }
    }

    function translate(part) {
      nameAnew(part);
      part.querySelectorAll(SPOKEN.map((name) => `[${name}]`).join()).forEach(nameAnew);
      if (part.closest(PLACES)) writeAnew(part);
      else part.querySelectorAll(PLACES).forEach(writeAnew);
    }

    new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes) {
        if (type === "attributes") nameAnew(target);
        else if (type === "characterData") target.parentElement && translate(target.parentElement);
        else for (const part of addedNodes) part.nodeType === Node.ELEMENT_NODE && translate(part);
      }
    }).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: SPOKEN,
    });
    mendHistory();
    pressOnce();

    return (texts) => {
      for (const [text, instead] of Object.entries(texts)) {
        if (shown.has(text)) wanted.set(shown.get(text), instead);
        wanted.set(text, instead);
        shown.set(text, instead);
      }
      translate(document.body);
    };
  }

  // Over a slow connection people press again what seems to have done nothing. Streamlit would stop
  // what it does for the first press and take the second, without what stood in the form.
  function pressOnce() {
    const PATIENCE_MS = 3000;
    const ANSWERS = "[data-testid=stMain], [role=dialog]";
    let pressed = null;
    let until = 0;
    let hasChanged = false; // whether the page shows something else than when it was pressed

    const stands = (app) => app?.dataset.testScriptState === "notRunning";
    const hear = (event, what) => {
      const isAnswered = hasChanged && stands(document.querySelector("[data-test-script-state]"));
      if (what === pressed && event.timeStamp < until && !isAnswered) {
        event.preventDefault();
        event.stopImmediatePropagation();
      } else {
        pressed = what;
        until = event.timeStamp + PATIENCE_MS;
        hasChanged = false;
      }
    };
    const formOf = (element) => element.closest("[data-testid=stForm]");
    addEventListener(
      "click",
      (event) => {
        const button = event.target.closest("[data-testid^=stBaseButton]");
        const presses = button?.closest("[data-testid=stButton], [data-testid=stFormSubmitButton]");
        if (presses) hear(event, formOf(button) ?? button);
      },
      true,
    );
    addEventListener(
      "keydown",
      (event) => {
        // The first Enter after Korean ends the syllable.
        const sends = event.key === "Enter" && !event.isComposing && event.target.matches("input");
        const form = sends && formOf(event.target);
        if (form) hear(event, form);
      },
      true,
    );
    // Once the page stands again, or another text stands in a field, a press is another one. Of a
    // short run the state tells nothing, as React draws its beginning and its end at once.
    const forget = () => (pressed = null);
    addEventListener("input", forget, true);
    new MutationObserver((changes) => {
      for (const { type, target } of changes) {
        const place = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
        if (type === "attributes") stands(target) && forget();
        else hasChanged ||= Boolean(place?.closest(ANSWERS));
      }
    }).observe(document.body, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
      attributeFilter: ["data-test-script-state"],
    });
  }

  // Leading to another page, Streamlit writes the new query at the old path first, and then the
  // new path: a step of its own that nobody took, which Back would return to.
  function mendHistory() {
    const push = history.pushState.bind(history);
    let half = ""; // the address of the last step, as long as it may be half of one
    const forget = () => (half = "");
    for (const by of ["pointerdown", "keydown"]) addEventListener(by, forget, true);
    addEventListener("popstate", forget, true);
    history.pushState = (state, title, url) => {
      const next = new URL(url ?? location.href, location.href);
      const samePath = next.pathname === location.pathname;
      const completes = half === location.href && next.search === location.search && !samePath;
      if (completes) history.replaceState(state, title, url);
      else push(state, title, url);
      half = samePath ? location.href : "";
    };
  }
}
