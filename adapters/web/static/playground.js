"use strict";
// The playground's page: shows one persona's chat, and sends typed lines and taps. Words from the bot are only ever set as text.

const talk = document.getElementById("talk");
const state = document.getElementById("state");
const persona = document.getElementById("persona");
const say = document.getElementById("say");
let stream = null;
let messages = new Map();

const view = () => document.querySelector("input[name=view]:checked").value;
const address = () => `/playground/chat/${persona.value}`;

function element(tag, className, text) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function block([kind, text, items], pictures) {
  if (kind === "photo" || kind === "chart") {
    const figure = element("figure");
    const picture = pictures[items.join("\n")];
    if (picture) figure.append(Object.assign(element("img"), { src: picture, alt: text }));
    figure.append(element("figcaption", "note", text));
    return [figure];
  }
  if (kind === "quote") return [element("blockquote", "", text)];
  if (!items.length) return text ? [element("p", kind, kind === "caution" ? `⚠ ${text}` : text)] : [];
  const head = text ? [element("p", "mark", text)] : [];
  const list = element("ul");
  const mark = { do: "Do: ", dont: "Don't: " }[kind];
  for (const item of items) {
    const line = element("li");
    if (mark) line.append(element("span", "mark", mark));
    line.append(item);
    list.append(line);
  }
  return [...head, list];
}

function cardOf(message) {
  const card = element("article", message.card.urgent ? "card urgent" : "card");
  card.append(element("h2", "", message.card.title));
  for (const one of message.card.blocks) card.append(...block(one, message.pictures));
  if (message.card.footer) card.append(element("footer", "", message.card.footer));
  for (const [name, label, hint, longest] of message.card.fields) {
    const box = element("label", "box", label);
    const input = element("textarea");
    Object.assign(input, { name, placeholder: hint, maxLength: longest, rows: 2 });
    box.append(input);
    card.append(box);
  }
  const row = element("div", "buttons");
  for (const button of message.card.buttons) {
    const made = element("button", button.style, button.label);
    made.type = "button";
    if (button.hint) made.setAttribute("aria-label", `${button.label}: ${button.hint}`);
    made.addEventListener("click", () => tap(row, button.value));
    row.append(made);
  }
  if (row.children.length) card.append(row);
  return card;
}

function shape(message) {
  const wrap = element("div", message.who);
  wrap.id = message.id;
  if (message.who === "you") wrap.append(element("p", "", message.text));
  else if (view() === "plain") wrap.append(element("pre", "", message.plain));
  else if (view() === "slack") wrap.append(element("pre", "", JSON.stringify(message.slack, null, 2)));
  else wrap.append(cardOf(message));
  return wrap;
}

// The newest message whole, or its beginning where it is taller than the phone.
function reveal(made) {
  talk.scrollTop = made.offsetHeight > talk.clientHeight ? made.offsetTop - talk.offsetTop - 8 : talk.scrollHeight;
}

function show(message) {
  messages.set(message.id, message);
  const made = shape(message);
  const old = document.getElementById(message.id);
  if (old) {
    const hadFocus = old.contains(document.activeElement);
    old.replaceWith(made);
    if (hadFocus) (made.querySelector("button") || talk).focus();
    made.scrollIntoView({ block: "nearest" });
  } else {
    talk.append(made);
    reveal(made);
  }
}

async function send(body) {
  try {
    const answer = await fetch(address(), { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ id: crypto.randomUUID(), ...body }) });
    if (!answer.ok) throw new Error(await answer.text());
    state.textContent = "";
    return true;
  } catch (error) {
    state.textContent = error.message || "That didn't go through. Try again.";
    return false;
  }
}

async function tap(row, value) {
  for (const button of row.children) button.setAttribute("aria-disabled", "true");
  const boxes = row.parentElement.querySelectorAll("textarea");
  await send({ value, fields: Object.fromEntries([...boxes].filter((box) => box.value.trim()).map((box) => [box.name, box.value])) });
  for (const button of row.children) button.removeAttribute("aria-disabled");
}

function connect() {
  if (stream) stream.close();
  messages = new Map();
  talk.replaceChildren();
  stream = new EventSource(address());
  stream.onmessage = (event) => {
    const data = JSON.parse(event.data);
    if (data.past) {
      messages = new Map();
      talk.replaceChildren();
      data.past.forEach(show);
      state.textContent = data.past.length ? "" : "Ask something, or type help.";
    } else {
      show(data.message);
      state.textContent = "";
    }
  };
  stream.onerror = () => { state.textContent = "The bot isn't running. Trying again…"; };
}

document.getElementById("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = say.value.trim();
  if (text && await send({ text })) say.value = "";
  say.focus();
});
persona.addEventListener("change", connect);
for (const choice of document.querySelectorAll("input[name=view]")) {
  choice.addEventListener("change", () => { talk.replaceChildren(...[...messages.values()].map(shape)); talk.scrollTop = talk.scrollHeight; });
}
connect();
say.focus();
