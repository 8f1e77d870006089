"use strict";

const result = document.getElementById("result");
const ALPHABET = /^[0-9A-HJKMNP-TV-Z]{14}$/;
let about = {};

function show(kind, title, text) {
  result.className = kind;
  result.replaceChildren();
  const strong = document.createElement("strong");
  strong.textContent = title;
  result.append(strong, document.createTextNode(text));
}

async function digest(data) {
  if (!window.crypto || !crypto.subtle) throw new Error("open this page over https");
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

// Each list has the digests that begin with its name.
async function find(kind, hex) {
  const answer = await fetch(`${kind}/${hex.slice(0, about.digits)}.json`);
  if (answer.status === 404) return undefined;
  if (!answer.ok) throw new Error("the lists of this page cannot be read");
  return (await answer.json())[hex.slice(about.digits)];
}

function described(entry) {
  const edition = about.editions[entry[0]];
  return `${edition.title}, edition of ${edition.date}.`;
}

async function checkFile(file) {
  show("", "Checking …", file.name);
  try {
    const entry = await find("files", await digest(await file.arrayBuffer()));
    if (!entry) {
      show("unknown", "Not genuine", `${file.name} is not as it was issued here: it was changed, or comes from elsewhere.`);
    } else if (entry[1]) {
      show("unknown", "Withdrawn", `${file.name} was issued here and has been withdrawn. ${described(entry)}`);
    } else {
      show("genuine", "Genuine", `${file.name} is exactly as it was issued. ${described(entry)}`);
    }
  } catch (problem) {
    show("unknown", "Not checked", problem.message);
  }
}

async function checkNumber(text) {
  const number = text.toUpperCase().replace(/[\s-]/g, "").replace(/O/g, "0").replace(/[IL]/g, "1");
  if (!ALPHABET.test(number)) {
    show("unknown", "Not a copy number", "It has fourteen characters, as in 7K3D-9QXA-M2TF-4Z.");
    return;
  }
  try {
    const entry = await find("numbers", await digest(new TextEncoder().encode(`handbook copy ${number}`)));
    if (!entry) show("unknown", "Unknown number", "No copy was issued with this number, or it is mistyped.");
    else if (entry[1]) show("unknown", "Withdrawn", `This copy was withdrawn. ${described(entry)}`);
    else show("genuine", "Issued", `A copy with this number was issued. ${described(entry)}`);
  } catch (problem) {
    show("unknown", "Not looked up", problem.message);
  }
}

async function start() {
  try {
    about = await (await fetch("about.json")).json();
  } catch (problem) {
    show("unknown", "Not available", "The lists of this page cannot be read: it has to be on a web server.");
    return;
  }
  document.getElementById("about").textContent = about.words;
  document.getElementById("file").addEventListener("change", (event) => {
    if (event.target.files.length) checkFile(event.target.files[0]);
  });
  document.addEventListener("dragover", (event) => {
    event.preventDefault();
    document.body.classList.add("dropping");
  });
  document.addEventListener("dragleave", () => document.body.classList.remove("dropping"));
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("dropping");
    if (event.dataTransfer.files.length) checkFile(event.dataTransfer.files[0]);
  });
  document.getElementById("numbers").addEventListener("submit", (event) => {
    event.preventDefault();
    checkNumber(document.getElementById("number").value);
  });
  const asked = new URLSearchParams(location.search).get("copy") || decodeURIComponent(location.hash.slice(1));
  if (asked) {
    document.getElementById("number").value = asked;
    checkNumber(asked);
  }
}

start();
