// Shows the reader's own term for the model. Without it, the usual term stands.
// It runs before the rest of the page is laid out, so that nothing moves afterwards.
"use strict";

(() => {
  const KEY = "pcbl-term";
  const place = document.querySelector("[data-term-choice]");
  const select = place && place.querySelector("select");
  if (!select) {
    return;
  }

  // Some browsers keep nothing for pages from a folder, or refuse to be asked.
  const remembered = () => {
    try {
      return localStorage.getItem(KEY) || "";
    } catch {
      return "";
    }
  };
  const remember = (value) => {
    try {
      localStorage.setItem(KEY, value);
    } catch {
      // The choice then holds for this page.
    }
  };

  const show = () => {
    const wording = select.selectedOptions[0].dataset.wording;
    for (const term of document.querySelectorAll("[data-term]")) {
      term.textContent = wording;
    }
  };

  select.value = remembered();
  if (select.selectedIndex < 0) {
    select.value = "";
  }
  place.hidden = false;
  select.addEventListener("change", () => {
    remember(select.value);
    show();
  });
  document.addEventListener("DOMContentLoaded", show);
})();
