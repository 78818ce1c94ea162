// Keeps the live board up to date: parts of it come as server-sent events, and how long things last is counted here.
"use strict";

const LATE_SECONDS = 100;
const AGAIN_SECONDS = 30;
const made = document.getElementById("board-made");
const line = document.getElementById("board-status");
const pause = document.getElementById("board-pause");
// By how much the clock here is ahead of the service's, and when something came last.
let ahead = 0;
let heard = Date.now();
let source = null;

// A sentence of the page with the moment of its numbers.
function sentence(name) {
  return line.dataset[name].replace("{moment}", made.textContent.trim());
}

function say(words) {
  // Said once: a screen reader would read every change.
  if (line.textContent !== words) line.textContent = words;
  line.classList.toggle("wrong", words !== "");
}

function noteTime() {
  heard = Date.now();
  ahead = heard - Date.parse(made.querySelector("time").dateTime);
}

function put(part, html) {
  const focusable = "a, [tabindex]";
  const place = [...part.querySelectorAll(focusable)].indexOf(document.activeElement);
  const scrolled = part.querySelector(".wide")?.scrollLeft ?? 0;
  part.innerHTML = html;
  if (scrolled) part.querySelector(".wide")?.scrollTo({ left: scrolled });
  if (place >= 0) part.querySelectorAll(focusable)[place]?.focus({ preventScroll: true });
}

function lasted(seconds) {
  const two = (number) => String(number).padStart(2, "0");
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${two(seconds % 60)} s`;
  return `${Math.floor(minutes / 60)} h ${two(minutes % 60)} m`;
}

function count() {
  const now = Date.now() - ahead;
  for (const since of document.querySelectorAll("time.since")) {
    since.textContent = lasted(Math.max(0, Math.round((now - Date.parse(since.dateTime)) / 1000)));
  }
  if (source && Date.now() - heard > LATE_SECONDS * 1000) say(sentence("late"));
}

function comeAgain(words) {
  // Refused: too many boards, or signed out. The page itself says which, so it is loaded anew.
  source.close();
  source = null;
  say(words);
  setTimeout(() => location.reload(), AGAIN_SECONDS * 1000);
}

function listen() {
  source = new EventSource("/live/events");
  for (const part of document.querySelectorAll("[data-part]")) {
    source.addEventListener(part.dataset.part, (event) => put(part, event.data));
  }
  source.addEventListener("made", (event) => {
    put(made, event.data);
    noteTime();
    say("");
  });
  source.addEventListener("trouble", (event) => say(event.data));
  source.addEventListener("over", () => location.reload());
  source.addEventListener("error", () => {
    if (source.readyState === EventSource.CLOSED) {
      comeAgain(sentence("over"));
    } else {
      say(sentence("lost"));
    }
  });
}

pause.hidden = false;
pause.addEventListener("click", () => {
  if (source) {
    source.close();
    source = null;
    pause.textContent = pause.dataset.goOn;
    say(sentence("paused"));
  } else {
    pause.textContent = pause.dataset.pause;
    listen();
  }
});
noteTime();
listen();
setInterval(count, 1000);
