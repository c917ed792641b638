// Finds pages by words and filters. The index lies in small scripts beside this page,
// so that it works from a folder and without a server; only what a query needs is
// loaded. Without this script the page is a list of all pages.
"use strict";

const pcblSearch = (() => {
  const form = document.querySelector("[data-search]");
  const results = document.querySelector("[data-search-results]");
  const list = results.querySelector("ol");
  const more = results.querySelector("button");
  const status = document.querySelector("[data-search-status]");
  const texts = form.dataset;
  const STEP = 20;
  // Weight of a word that only begins like the one asked for, or nearly is it.
  const BEGINS = 0.6;
  const NEARLY = 0.4;

  const loads = new Map();
  const arrived = new Map();

  const load = (name) => {
    if (!loads.has(name)) {
      loads.set(name, new Promise((resolve, reject) => {
        arrived.set(name, resolve);
        const script = document.createElement("script");
        script.src = `${texts.search}${name}.js`;
        script.onerror = reject;
        document.head.append(script);
      }));
    }
    return loads.get(name);
  };

  // As the index has them: letters and digits, small, without accents.
  const words = (text) =>
    (text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) || []).filter((word) => word.length > 1);

  const partsWith = (starts, beginning) => {
    const after = `${beginning}\uffff`;
    return starts.map((_, place) => place).filter((place) =>
      starts[place] <= after
      && (place + 1 === starts.length || starts[place + 1] > beginning));
  };

  const groupsWith = async (directory, beginning) => {
    const parts = await Promise.all(partsWith(directory.words, beginning)
      .map((place) => load(`words-${place}`)));
    return parts.flat();
  };

  // Edits between two words: a letter more, less, other, or two exchanged.
  const edits = (one, other) => {
    let before = [];
    let row = [...Array(other.length + 1).keys()];
    for (let i = 1; i <= one.length; i += 1) {
      const next = [i];
      for (let j = 1; j <= other.length; j += 1) {
        const differ = one[i - 1] === other[j - 1] ? 0 : 1;
        next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + differ);
        if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
          next[j] = Math.min(next[j], before[j - 2] + 1);
        }
      }
      [before, row] = [row, next];
    }
    return row[other.length];
  };

  const isNear = (form, word) => {
    const shared = Math.max(4, word.length - 3);
    if (word.length >= shared && form.slice(0, shared) === word.slice(0, shared)) {
      return true;
    }
    return word.length > 4 && edits(form, word) <= (word.length > 7 ? 2 : 1);
  };

  // Word groups and how well they fit: the word itself first, then words that begin
  // like it, and only if there is none, words that are nearly it.
  const fitting = async (directory, word, unfinished) => {
    const mayGoOn = unfinished || word.length > 3;
    const groups = await groupsWith(directory, word);
    const found = [];
    for (const [postings, ...forms] of groups) {
      if (forms.includes(word)) {
        found.push([postings, 1]);
      } else if (mayGoOn && forms.some((form) => form.startsWith(word))) {
        found.push([postings, BEGINS]);
      }
    }
    if (found.length > 0) {
      return found;
    }
    const around = await groupsWith(directory, word.slice(0, 2));
    return around
      .filter(([, ...forms]) => forms.some((form) => isNear(form, word)))
      .map(([postings]) => [postings, NEARLY]);
  };

  const scores = async (directory, word, unfinished) => {
    const found = new Map();
    for (const [postings, weight] of await fitting(directory, word, unfinished)) {
      let page = -1;
      for (let place = 0; place < postings.length; place += 2) {
        page += postings[place];
        const score = weight * postings[place + 1];
        found.set(page, Math.max(found.get(page) || 0, score));
      }
    }
    return found;
  };

  // Pages with all words; where no page has all, those with the most of them.
  const matches = async (directory, asked) => {
    const idle = [...directory.common, ...words(texts.ignored)];
    const telling = asked.filter((word) => !idle.includes(word));
    const asking = telling.length > 0 ? telling : asked;
    const each = await Promise.all(asking.map((word, place) =>
      scores(directory, word, place === asking.length - 1)));
    const known = each.filter((found) => found.size > 0);
    const sums = new Map();
    for (const found of known) {
      for (const [page, score] of found) {
        const [count, sum] = sums.get(page) || [0, 0];
        sums.set(page, [count + 1, sum + score]);
      }
    }
    const most = Math.max(0, ...[...sums.values()].map(([count]) => count));
    return {
      pages: [...sums].filter(([, [count]]) => count === most)
        .sort(([a, [, x]], [b, [, y]]) => y - x || a - b).map(([page]) => page),
      unknown: asking.filter((_, place) => each[place].size === 0),
      partly: most < known.length,
    };
  };

  const filtered = async (directory, pages, wanted) => {
    if (wanted.length === 0) {
      return pages;
    }
    const parts = [...Array(directory.facetParts).keys()];
    const rows = (await Promise.all(parts.map((n) => load(`facets-${n}`)))).flat();
    const names = Object.keys(directory.facets);
    return pages.filter((page) => wanted.every(([name, code]) =>
      rows[page][names.indexOf(name)].includes(directory.facets[name].indexOf(code))));
  };

  const described = async (directory, page) => {
    let part = directory.pages.length - 1;
    while (directory.pages[part] > page) {
      part -= 1;
    }
    return (await load(`pages-${part}`))[page - directory.pages[part]];
  };

  const element = (tag, text, name) => {
    const made = document.createElement(tag);
    made.textContent = text;
    if (name) {
      made.className = name;
    }
    return made;
  };

  const line = ([path, title, about, extract]) => {
    const item = document.createElement("li");
    const link = element("a", title);
    link.href = path;
    item.append(link, element("span", about, "by"), element("p", extract));
    return item;
  };

  let turn = 0;
  let found = [];

  const show = async (directory, upTo) => {
    const mine = turn;
    const next = found.slice(list.children.length, upTo);
    const lines = await Promise.all(next.map((page) => described(directory, page)));
    if (mine === turn) {
      list.append(...lines.map(line));
      more.hidden = list.children.length >= found.length;
    }
  };

  const say = (pages, unknown, partly) => {
    const count = pages.length === 1 ? texts.one : texts.other;
    const said = [count.replace("{count}", pages.length.toLocaleString(document.documentElement.lang))];
    if (partly) {
      said.push(texts.partly);
    }
    if (unknown.length > 0) {
      said.push(texts.unknown.replace("{words}", unknown.join(", ")));
    }
    status.textContent = said.join(" ");
  };

  const remember = (fields) => {
    const address = new URLSearchParams(fields).toString();
    history.replaceState(null, "", address ? `#${address}` : location.pathname);
  };

  const search = async () => {
    turn += 1;
    const mine = turn;
    const fields = [...new FormData(form)].filter(([, value]) => value.trim() !== "");
    const wanted = fields.filter(([name]) => name !== "q");
    const asking = words(form.elements.q.value);
    remember(fields);
    results.setAttribute("aria-busy", "true");
    if (asking.length === 0 && wanted.length === 0) {
      results.hidden = true;
      results.removeAttribute("aria-busy");
      status.textContent = "";
      return;
    }
    try {
      const directory = await load("directory");
      const all = { pages: [...Array(directory.count).keys()], unknown: [], partly: false };
      const hits = asking.length > 0 ? await matches(directory, asking) : all;
      const pages = await filtered(directory, hits.pages, wanted);
      if (mine !== turn) {
        return;
      }
      found = pages;
      list.replaceChildren();
      await show(directory, STEP);
      results.hidden = found.length === 0;
      say(found, hits.unknown, hits.partly);
      results.removeAttribute("aria-busy");
    } catch {
      status.textContent = texts.failed;
    }
  };

  const recall = () => {
    const fields = new URLSearchParams(location.hash.slice(1));
    for (const field of form.elements) {
      if (field.name) {
        field.value = fields.get(field.name) || "";
      }
    }
    // Who came by a link sees what it narrows the search down to.
    if ([...fields.keys()].some((name) => name !== "q")) {
      form.querySelector("details").open = true;
    }
    search();
  };

  let pause = 0;
  form.addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(search, 150);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    search();
  });
  form.addEventListener("reset", () => setTimeout(search));
  more.addEventListener("click", async () => {
    const first = list.children.length;
    await show(await load("directory"), first + STEP);
    list.children[first].querySelector("a").focus();
  });
  window.addEventListener("hashchange", recall);
  form.hidden = false;
  // The index calls this function, which must be there before anything is asked for.
  setTimeout(recall);
  return (name, value) => arrived.get(name)(value);
})();
