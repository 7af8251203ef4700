"use strict";
// Search, linked numbers, the table of contents and the colours. Pages are whole without it.

const root = document.documentElement;

function stored(key, value) {
  try {
    if (value !== undefined) localStorage.setItem(key, value);
    return localStorage.getItem(key);
  } catch {
    return null; // a browser may keep nothing for a page opened as a file
  }
}

function theme() {
  const saved = stored("theme");
  if (saved) root.dataset.theme = saved;
  document.getElementById("theme").addEventListener("click", () => {
    const dark = root.dataset.theme
      ? root.dataset.theme === "dark"
      : matchMedia("(prefers-color-scheme: dark)").matches;
    root.dataset.theme = dark ? "light" : "dark";
    stored("theme", root.dataset.theme);
  });
}

// A number in the text and the one in the rule light up together.
function numbers() {
  const light = (event, on) => {
    const number = event.target.closest?.("[data-number]")?.dataset.number;
    if (!number) return;
    for (const one of document.querySelectorAll(`[data-number="${number}"]`)) one.classList.toggle("lit", on);
  };
  for (const name of ["mouseover", "focusin"]) document.addEventListener(name, (e) => light(e, true));
  for (const name of ["mouseout", "focusout"]) document.addEventListener(name, (e) => light(e, false));
}

function contents() {
  const narrow = matchMedia("(max-width: 60rem)");
  const details = document.getElementById("contents");
  const fit = () => { details.open = !narrow.matches; };
  narrow.addEventListener("change", fit);
  fit();
  details.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
}

// An example named in the address is opened.
function target() {
  const one = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (one instanceof HTMLDetailsElement) one.open = true;
}

function shown(text, words) {
  const at = Math.max(0, text.indexOf(words[0]) - 16);
  const part = (at ? "…" : "") + text.slice(at, at + 72) + (text.length > at + 72 ? "…" : "");
  const line = document.createElement("p");
  const pattern = new RegExp(words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|"), "g");
  let from = 0;
  for (const match of part.matchAll(pattern)) {
    line.append(part.slice(from, match.index));
    const mark = document.createElement("mark");
    mark.textContent = match[0];
    line.append(mark);
    from = match.index + match[0].length;
  }
  line.append(part.slice(from));
  return line;
}

function search() {
  const field = document.getElementById("query");
  const found = document.getElementById("found");
  const form = document.getElementById("search");
  let loading;
  const index = () => loading ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = "search.js";
    script.onload = () => done(window.lulingSearch);
    document.head.append(script);
  });
  const open = (on) => {
    found.hidden = !on;
  };
  const look = async () => {
    const words = field.value.trim().split(/\s+/).filter(Boolean);
    if (!words.length) return open(false);
    const all = await index();
    const has = (one, word) => one.名.includes(word) || one.文.includes(word);
    const hits = all.filter((one) => words.every((word) => has(one, word)));
    hits.sort((a, b) => words.some((w) => b.名.includes(w)) - words.some((w) => a.名.includes(w)));
    const title = document.createElement("p");
    title.textContent = hits.length ? `${hits.length} 处` : "没有找到";
    const list = document.createElement("ul");
    for (const hit of hits.slice(0, 50)) {
      const row = document.createElement("li");
      const link = document.createElement("a");
      link.href = hit.址;
      link.textContent = hit.名;
      row.append(link, shown(hit.文, words));
      list.append(row);
    }
    found.replaceChildren(title, list);
    open(true);
  };
  field.addEventListener("input", look);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    found.querySelector("a")?.click();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { open(false); field.focus(); }
  });
  document.addEventListener("click", (event) => {
    if (!form.contains(event.target)) open(false);
  });
}

theme();
numbers();
contents();
target();
addEventListener("hashchange", target);
search();
