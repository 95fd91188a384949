// Says the id, the bytes and the place of the token that is pointed at or focused; arrow keys move between tokens.
"use strict";
(() => {
  const box = document.querySelector(".tokens");
  const facts = document.querySelector(".facts");
  const encoder = new TextEncoder();
  const count = new Intl.NumberFormat("en-US");
  const placesOf = new WeakMap(); // of the tokens in a row, made when the first of them is asked for
  let focused = box.querySelector(".row > *");
  if (!focused) return;

  const hexOf = (token) => token.dataset.bytes
    ?? Array.from(encoder.encode(token.textContent), (byte) => byte.toString(16).padStart(2, "0")).join("");

  function placed(row) {
    let places = placesOf.get(row);
    if (!places) {
      let start = Number(row.dataset.start);
      places = new Map(Array.from(row.children, (token, at) => {
        const begun = start;
        start += hexOf(token).length / 2;
        return [token, { number: Number(row.dataset.first) + at + 1, start: begun, end: start }];
      }));
      placesOf.set(row, places);
    }
    return places;
  }

  function say(token) {
    const { number, start, end } = placed(token.parentElement).get(token);
    const named = token.value === undefined ? `piece ${token.dataset.piece}` : `id ${token.value}`;
    const hex = hexOf(token).replace(/..(?=.)/g, "$& ") || "none";
    const place = `${count.format(start)} to ${count.format(end)}`;
    facts.textContent = `Token ${count.format(number)}: ${named}; bytes ${hex}; from byte ${place} of the text`;
  }

  function focus(token) {
    if (!token) return;
    focused.tabIndex = -1;
    focused = token;
    token.tabIndex = 0;
    token.focus();
    say(token); // also where the window has no focus, and there is no event
  }

  const rowAfter = (row) => row.nextElementSibling ?? row.parentElement.nextElementSibling?.firstElementChild;
  const rowBefore = (row) => row.previousElementSibling ?? row.parentElement.previousElementSibling?.lastElementChild;
  const below = (row, token) => row?.children[Math.min([...token.parentElement.children].indexOf(token), row.children.length - 1)];
  const KEYS = {
    ArrowRight: (token, row) => token.nextElementSibling ?? rowAfter(row)?.firstElementChild,
    ArrowLeft: (token, row) => token.previousElementSibling ?? rowBefore(row)?.lastElementChild,
    ArrowDown: (token, row) => below(rowAfter(row), token),
    ArrowUp: (token, row) => below(rowBefore(row), token),
    Home: (_token, row) => row.firstElementChild,
    End: (_token, row) => row.lastElementChild,
  };
  const tokenOf = (event) => event.target.closest(".row > *");

  box.addEventListener("keydown", (event) => {
    const token = tokenOf(event);
    if (!token || !(event.key in KEYS) || event.ctrlKey || event.altKey || event.metaKey || event.shiftKey) return;
    focus(KEYS[event.key](token, token.parentElement));
    event.preventDefault();
  });
  box.addEventListener("click", (event) => {
    if (tokenOf(event) && getSelection().isCollapsed) focus(tokenOf(event));
  });
  for (const kind of ["focusin", "pointerover"]) {
    box.addEventListener(kind, (event) => { if (tokenOf(event)) say(tokenOf(event)); });
  }
  box.addEventListener("pointerleave", () => { if (document.activeElement === focused) say(focused); });
  focused.tabIndex = 0;
  facts.hidden = false;
})();
