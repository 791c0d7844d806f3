// Three, two, one. Escape ends it, wherever the focus is.

const COUNTS_FROM = 3;

// `show` gets the number, or "" when there is none any more.
function makeCountdown(show) {
  let end = null;

  function start(onZero, onCancel) {
    end?.();
    let left = COUNTS_FROM;
    const clock = setInterval(() => {
      left -= 1;
      show(left || "");
      if (left) return;
      end();
      onZero();
    }, 1000);
    const onKey = (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      end();
      onCancel();
    };
    document.addEventListener("keydown", onKey);
    end = () => {
      clearInterval(clock);
      document.removeEventListener("keydown", onKey);
      end = null;
      show("");
    };
    show(left);
  }

  return { start, cancel: () => end?.(), isRunning: () => end !== null };
}
