// The treemap: zoom by pointer and keyboard. Without scripts the page shows the same picture, without zoom.
"use strict";
(() => {
  const HEAD = 20; // height of the name of a folder, in pixels
  const LEAST = 3; // least side of a rectangle that is drawn
  const LEAST_LABEL = 40; // least width of a rectangle with a name
  const TINTS = 6;
  const count = new Intl.NumberFormat("en-US");
  const percent = new Intl.NumberFormat("en-US", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
  const element = (name, look, text = "") => {
    const made = document.createElement(name);
    made.className = look;
    made.textContent = text;
    return made;
  };
  const plural = (number, thing) => `${count.format(number)} ${thing}${number === 1 ? "" : "s"}`;

  function nodesOf(rows) {
    const nodes = rows.map(([parent, name, tokens, files]) => ({ parent, name, tokens, files, inside: [], tint: 0 }));
    for (const node of nodes) {
      node.above = nodes[node.parent] ?? null;
      node.above?.inside.push(node);
    }
    nodes[0].inside.forEach((node, at) => { node.tint = at % TINTS; });
    for (const node of nodes) if (node.above?.above) node.tint = node.above.tint; // folders come before their contents
    return nodes;
  }

  function start(box) {
    const nodes = nodesOf(JSON.parse(document.getElementById(box.dataset.treemap).textContent));
    const [path, tiles, tip, status] = ["path", "tiles", "tip", "status"].map((look) => box.querySelector(`.${look}`));
    const whole = nodes[0];
    let current = whole;
    let shown = [];

    const named = (node) => node.name || (node === whole ? "all" : plural(node.files, "smaller file"));
    const isFolder = (node) => node.inside.length > 0;
    const what = (node) => {
      const files = node.files > 1 && node.name ? `, ${plural(node.files, "file")}` : "";
      return `${named(node)}: ${plural(node.tokens, "token")}, ${percent.format(100 * node.tokens / whole.tokens)} %${files}`;
    };

    function laidOut(width, height) {
      const level = (node, levels) => ({ node, inside: levels ? node.inside.map((one) => level(one, levels - 1)) : [] });
      const root = d3.hierarchy(level(current, 2), (one) => one.inside)
        .sum((one) => (one.inside.length ? 0 : one.node.tokens))
        .sort((one, other) => other.value - one.value);
      return d3.treemap().size([width, height]).tile(d3.treemapSquarify).round(true)
        .paddingTop((one) => (one.depth === 1 && one.children ? HEAD : 0))
        .paddingRight((one) => (one.depth === 1 && one.children ? 3 : 0))
        .paddingBottom((one) => (one.depth === 1 && one.children ? 3 : 0))
        .paddingLeft((one) => (one.depth === 1 && one.children ? 3 : 0))(root);
    }

    function put(made, place, left, top) {
      Object.assign(made.style, {
        left: `${place.x0 - left}px`, top: `${place.y0 - top}px`,
        width: `${place.x1 - place.x0}px`, height: `${place.y1 - place.y0}px`,
      });
      return made;
    }

    const isSeen = (place) => Math.min(place.x1 - place.x0, place.y1 - place.y0) >= LEAST;

    function tile(place) {
      const node = place.data.node;
      const tint = current === whole ? node.tint : current.inside.indexOf(node) % TINTS;
      const made = put(element("button", `tile t${tint}${isFolder(node) ? " folder" : ""}`), place, 0, 0);
      made.type = "button";
      made.tabIndex = -1;
      made.setAttribute("aria-label", what(node) + (isFolder(node) ? "; opens" : ""));
      const isNamed = (one) => one.x1 - one.x0 >= LEAST_LABEL;
      const label = element("span", "label", isNamed(place) ? `${named(node)} ${count.format(node.tokens)}` : "");
      made.append(label);
      for (const small of (place.children ?? []).filter(isSeen)) {
        const inner = put(element("span", `inner t${tint}`, isNamed(small) ? named(small.data.node) : ""), small, place.x0 + 1, place.y0 + 1);
        inner.setAttribute("aria-hidden", "true");
        inner.dataset.what = what(small.data.node);
        made.append(inner);
      }
      made.dataset.what = what(node);
      made.addEventListener("click", () => (isFolder(node) ? open(node) : say(node)));
      return { node, made, place };
    }

    function draw() {
      hide();
      const places = laidOut(tiles.clientWidth, tiles.clientHeight).children ?? [];
      shown = places.filter(isSeen).map(tile);
      tiles.replaceChildren(...shown.map((one) => one.made));
      if (shown.length) shown[0].made.tabIndex = 0;
      const steps = [];
      for (let node = current; node; node = node.above) steps.unshift(node);
      path.replaceChildren(...steps.map((node) => {
        const step = element("button", "", named(node));
        step.type = "button";
        if (node === current) step.setAttribute("aria-current", "true");
        step.addEventListener("click", () => node !== current && open(node, true));
        const item = element("li", "");
        item.append(step);
        return item;
      }));
      const hidden = places.length - shown.length;
      status.textContent = what(current) + (hidden ? `; ${count.format(hidden)} too small to be drawn` : "");
    }

    const say = (node) => { status.textContent = what(node); };

    function open(node, isBack = false) {
      const before = current;
      current = node;
      draw();
      const child = isBack ? shown.find((one) => isWithin(before, one.node)) : undefined;
      focus(child ?? shown[0]);
    }

    function isWithin(node, folder) {
      for (let one = node; one; one = one.above) if (one === folder) return true;
      return false;
    }

    function focus(one) {
      if (!one) return;
      for (const other of shown) other.made.tabIndex = -1;
      one.made.tabIndex = 0;
      one.made.focus();
    }

    const middle = ({ x0, x1, y0, y1 }) => [(x0 + x1) / 2, (y0 + y1) / 2];

    function nearest(from, [right, down]) {
      const [x, y] = middle(from.place);
      let best = null;
      let least = Infinity;
      for (const one of shown) {
        const [otherX, otherY] = middle(one.place);
        const ahead = (otherX - x) * right + (otherY - y) * down;
        const aside = Math.abs((otherX - x) * down) + Math.abs((otherY - y) * right);
        if (one !== from && ahead > 1 && ahead + 2 * aside < least) [best, least] = [one, ahead + 2 * aside];
      }
      return best;
    }

    const ARROWS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
    tiles.addEventListener("keydown", (event) => {
      const from = shown.find((one) => one.made === document.activeElement);
      if (!from || event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key in ARROWS) focus(nearest(from, ARROWS[event.key]));
      else if (event.key === "Home") focus(shown[0]);
      else if (event.key === "End") focus(shown[shown.length - 1]);
      else if ((event.key === "Escape" || event.key === "Backspace") && !tip.hidden) hide();
      else if ((event.key === "Escape" || event.key === "Backspace") && current.above) open(current.above, true);
      else return;
      event.preventDefault();
    });

    function hide() { tip.hidden = true; }

    tiles.addEventListener("pointermove", (event) => {
      const target = event.target.closest("[data-what]");
      if (!target) return hide();
      tip.textContent = target.dataset.what;
      tip.hidden = false;
      const { left, top, width } = box.getBoundingClientRect();
      const x = Math.min(event.clientX - left + 12, Math.max(width - tip.offsetWidth, 0));
      Object.assign(tip.style, { left: `${x}px`, top: `${event.clientY - top + 16}px` });
    });
    tiles.addEventListener("pointerleave", hide);

    box.hidden = false;
    box.closest("figure").classList.add("is-live");
    draw();
    let width = tiles.clientWidth;
    new ResizeObserver(() => {
      if (tiles.clientWidth === width || !tiles.clientWidth) return;
      width = tiles.clientWidth;
      const at = shown.findIndex((one) => one.made === document.activeElement);
      draw();
      if (at >= 0) focus(shown[Math.min(at, shown.length - 1)]);
    }).observe(tiles);
  }

  for (const box of document.querySelectorAll("[data-treemap]")) start(box);
})();
