// Ticks off the rules for IDs and passwords while somebody types. The app decides; this only tells.
(() => {
  const folded = (text) => text.normalize("NFKC").trim().toLowerCase();
  const length = (text) => [...text.normalize("NFKC")].length;
  const valueOf = (key) => document.querySelector(`.st-key-${key} input`)?.value ?? "";

  const kept = {
    idLength: (id, _password, list) =>
      length(id.trim()) >= Number(list.dataset.minimum) &&
      length(id.trim()) <= Number(list.dataset.maximum),
    idLetters: (id) => /^[\p{L}\p{Mn}\p{Mc}\p{Nd}._-]+$/u.test(id.normalize("NFKC").trim()),
    passwordLength: (_id, password, list) => length(password) >= Number(list.dataset.minimum),
    passwordDiffers: (id, password) =>
      password !== "" && folded(password) !== folded(id),
  };

  const tick = () => {
    for (const list of document.querySelectorAll(".sn-rules")) {
      const id = list.dataset.known || valueOf(list.dataset.id);
      const password = valueOf(list.dataset.password);
      for (const item of list.querySelectorAll("[data-rule]")) {
        const isKept = kept[item.dataset.rule](id, password, list);
        item.dataset.kept = String(isKept);
        item.querySelector(".sn-unseen").textContent = isKept ? list.dataset.word : "";
      }
    }
  };

  if (!window.skinNotesRules) {
    window.skinNotesRules = true;
    document.addEventListener("input", tick);
    // A list that has just appeared may stand below a field that was filled in before.
    document.addEventListener("focusin", tick);
  }
  tick();
})();
