// Small comforts of all pages; everything works without them.
"use strict";

// Escape closes the menu on a phone, and an open panel.
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (location.hash === "#menu") location.hash = "#main";
  const open = document.activeElement?.closest("details:is(.dialog, .drop)[open]");
  if (open) {
    open.open = false;
    open.querySelector("summary").focus();
  }
});

// A form is sent once, however often its button is pressed.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
});

// A page that the browser brings back from its memory can send its forms again.
addEventListener("pageshow", (event) => {
  if (event.persisted) for (const form of document.forms) delete form.dataset.sent;
});

// A table that is wider than its place says so, and scrolls there.
function hintAt(table) {
  if (table.dataset.hinted) return;
  table.dataset.hinted = "yes";
  const hint = document.createElement("p");
  hint.className = "more-columns";
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = `${document.body.dataset.moreColumns} →`;
  button.addEventListener("click", () => table.scrollBy({ left: table.clientWidth * 0.7, behavior: "smooth" }));
  hint.append(button);
  table.before(hint);
  const update = () => {
    hint.hidden = table.scrollWidth <= table.clientWidth + 1;
    button.disabled = table.scrollLeft + table.clientWidth >= table.scrollWidth - 1;
  };
  table.addEventListener("scroll", update, { passive: true });
  new ResizeObserver(update).observe(table);
  update();
}

function hintAll() {
  for (const table of document.querySelectorAll(".wide")) hintAt(table);
}

// A list of choices is searched by what is typed above it.
function searchIn(field) {
  field.hidden = false;
  const choices = field.parentElement.querySelectorAll(".pick-list label");
  field.addEventListener("input", () => {
    const sought = field.value.trim().toLowerCase();
    for (const choice of choices) choice.hidden = !choice.textContent.toLowerCase().includes(sought);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
}

// A panel closes when something beside it is pressed.
document.addEventListener("click", (event) => {
  for (const panel of document.querySelectorAll("details.drop[open]")) if (!panel.contains(event.target)) panel.open = false;
});

// Parts of a page come later than the page.
new MutationObserver(hintAll).observe(document.body, { childList: true, subtree: true });
hintAll();
for (const field of document.querySelectorAll(".pick-search")) searchIn(field);
