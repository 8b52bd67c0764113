// What the tests look at in a page. Nothing here changes it.
const all = (selector) => Array.from(document.querySelectorAll(selector));

// The rows of statements that are shown.
const rows = () => all(".statements>tbody>tr[id]").filter((row) => row.checkVisibility());

// Whether an element is shown, and in the part of the page that is on the screen.
const inView = (element) => {
  const place = element.getBoundingClientRect();
  return element.checkVisibility() && place.height > 0 && place.top >= -1 && place.top < innerHeight;
};

// Everything that takes the focus, in the order of the page.
const controls = () => all("a[href],button,input,summary,[tabindex='0']").filter((control) => control.checkVisibility());

// Where the focus is, and whether it can be seen; nothing when it has left the page.
const focused = () => {
  const element = document.activeElement;
  if (!element || element === document.body) { return null; }
  const style = getComputedStyle(element);
  const place = element.getBoundingClientRect();
  const visible = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 && place.right > 0 && place.left >= 0
    && place.bottom > 0 && place.top < innerHeight;
  return { index: controls().indexOf(element), visible, html: element.outerHTML.slice(0, 120) };
};

// What reaches beyond the window, outside of what scrolls by itself.
const beyond = () => all("body *")
  .filter((element) => element.checkVisibility() && !element.parentElement.closest(".scroll"))
  .filter((element) => element.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
  .map((element) => element.outerHTML.slice(0, 120));

// Red, green, blue from 0 to 255, and opacity from 0 to 1.
const colour = (text) => {
  const parts = text.match(/[\d.]+/g).map(Number);
  return parts.length === 3 ? [...parts, 1] : parts;
};
const mix = (above, below) => [0, 1, 2].map((i) => above[i] * above[3] + below[i] * (1 - above[3]));

// What is painted behind an element.
const ground = (element) => {
  const layers = [];
  for (let e = element; e; e = e.parentElement) { layers.push(colour(getComputedStyle(e).backgroundColor)); }
  return layers.reverse().reduce((below, layer) => mix(layer, below), [255, 255, 255]);
};

// Relative luminance and contrast as WCAG 2.2 defines them.
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((c) => c / 255).map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (one, other) => {
  const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
};

// Texts with less contrast than this, text in pictures included, once for each pair of colours.
const faint = (least) => {
  const found = new Map();
  all("body *").filter((element) => element.checkVisibility() && !["SCRIPT", "title", "desc"].includes(element.tagName)).forEach((element) => {
    if (!Array.from(element.childNodes).some((node) => node.nodeType === 3 && node.data.trim())) { return; }
    const style = getComputedStyle(element);
    const below = ground(element);
    const text = colour(element.namespaceURI.endsWith("svg") ? style.fill : style.color);
    for (let e = element; e; e = e.parentElement) { text[3] *= Number(getComputedStyle(e).opacity); }
    const ratio = contrast(mix(text, below), below);
    if (ratio < least) { found.set(text + " on " + below, [ratio, element.outerHTML.slice(0, 120)]); }
  });
  return Array.from(found.values());
};
