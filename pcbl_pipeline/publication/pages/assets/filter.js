// Narrows a list on the page to what a reader asks for. The page is whole without it.
"use strict";

const form = document.querySelector("[data-filter]");
if (form) {
  const items = [...document.querySelectorAll("[data-filter-item]")];
  const parents = [...document.querySelectorAll("[data-filter-parent]")];
  const count = form.querySelector(".filter-count");

  const matches = (item, wanted) =>
    wanted.every(([name, value]) =>
      (item.dataset[name] || "").split(" ").includes(value));

  const narrow = () => {
    const wanted = [...new FormData(form)].filter(([, value]) => value !== "");
    let shown = 0;
    for (const item of items) {
      item.hidden = !matches(item, wanted);
      shown += item.hidden ? 0 : 1;
    }
    for (const parent of parents) {
      parent.hidden = !parent.querySelector("[data-filter-item]:not([hidden])");
    }
    const words = shown === 1 ? form.dataset.one : form.dataset.other;
    count.textContent = words.replace("{count}", shown);
  };

  // A link to something that is narrowed away shows everything again.
  const reveal = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (target && target.closest("[hidden]")) {
      form.reset();
      narrow();
      target.scrollIntoView();
    }
  };

  form.addEventListener("change", narrow);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(narrow));
  window.addEventListener("hashchange", reveal);
  form.hidden = false;
  narrow();
  reveal();
}
