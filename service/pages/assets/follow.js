// Follows what happens at the service: parts of a page come as server-sent events. And copies what is to be pasted elsewhere.
"use strict";

for (const place of document.querySelectorAll("[data-events]")) {
  const source = new EventSource(place.dataset.events);
  for (const part of place.querySelectorAll("[data-part]")) {
    source.addEventListener(part.dataset.part, (event) => {
      part.innerHTML = event.data;
    });
  }
  // Signed out, or finished: the page itself says which.
  source.addEventListener("over", () => location.reload());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).value);
    button.textContent = button.dataset.copied;
  });
}
