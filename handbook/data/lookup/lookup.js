"use strict";

const result = document.getElementById("result");
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]{14}$/;

class Problem extends Error {}

// The editions, the words, and how the lists are named.  Whoever acts before it is there waits.
const about = fetch("about.json").then((answer) => answer.json());

function show(kind, title, text) {
  result.className = kind;
  result.replaceChildren();
  const strong = document.createElement("strong");
  strong.textContent = title;
  result.append(strong, document.createTextNode(text));
}

// Says an answer of about.json, its places in braces filled.
async function say(kind, name, places = {}) {
  const [title, text] = (await about).answers[name];
  show(kind, title, text.replace(/\{(\w+)\}/g, (whole, place) => places[place] ?? whole));
}

async function digest(data) {
  if (!window.crypto || !crypto.subtle) throw new Problem("insecure");
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Each list has the digests that begin with its name.
async function find(kind, hex) {
  const digits = (await about).digits;
  const answer = await fetch(`${kind}/${hex.slice(0, digits)}.json`);
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Problem("unavailable");
  return (await answer.json())[hex.slice(digits)];
}

async function described(entry) {
  return (await about).editions[entry[0]];
}

async function answered(work) {
  try {
    await work();
  } catch (problem) {
    try {
      await say("unknown", problem instanceof Problem ? problem.message : "unavailable");
    } catch {
      show("unknown", "", result.dataset.unavailable);
    }
  }
}

async function checkFile(file) {
  await say("", "checking", { file: file.name });
  const entry = await find("files", await digest(await file.arrayBuffer()));
  if (!entry) return say("unknown", "changed", { file: file.name });
  const places = { file: file.name, edition: await described(entry) };
  return entry[1] ? say("unknown", "withdrawn_file", places) : say("genuine", "genuine", places);
}

async function checkNumber(text) {
  const number = text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (!ALPHABET.test(number)) return say("unknown", "malformed");
  const entry = await find("numbers", await digest(new TextEncoder().encode(`handbook copy ${number}`)));
  if (!entry) return say("unknown", "unknown");
  const places = { edition: await described(entry) };
  return entry[1] ? say("unknown", "withdrawn", places) : say("genuine", "issued", places);
}

document.getElementById("file").addEventListener("change", (event) => {
  if (event.target.files.length) answered(() => checkFile(event.target.files[0]));
});
document.addEventListener("dragover", (event) => {
  event.preventDefault();
  document.body.classList.add("dropping");
});
document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
document.addEventListener("drop", (event) => {
  event.preventDefault();
  document.body.classList.remove("dropping");
  if (event.dataTransfer.files.length) answered(() => checkFile(event.dataTransfer.files[0]));
});
document.getElementById("numbers").addEventListener("submit", (event) => {
  event.preventDefault();
  answered(() => checkNumber(document.getElementById("number").value));
});
answered(async () => {
  document.getElementById("about").textContent = (await about).words;
});
const asked = new URLSearchParams(location.search).get("copy") || decodeURIComponent(location.hash.slice(1));
if (asked) {
  document.getElementById("number").value = asked;
  answered(() => checkNumber(asked));
}
