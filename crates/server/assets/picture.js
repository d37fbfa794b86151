// The picture of a page: zoom, turn, boxes of words.

const paper = document.getElementById("paper");
const sheet = document.getElementById("sheet");
const image = document.getElementById("picture");
const shown = document.getElementById("zoom");
// From this zoom on the finer picture is asked for.
const FINE = 1.4;

let zoom = Number(sessionStorage.getItem("zoom")) || 1;
let turned = 0;

const lay = () => {
  if (!paper) return;
  const [width, height] = [Number(paper.dataset.width), Number(paper.dataset.height)];
  const across = turned % 180 !== 0;
  // At zoom 1 the page is as wide as its place.
  const scale = ((sheet.clientWidth - 16) / (across ? height : width)) * zoom;
  paper.style.width = `${width * scale}px`;
  paper.style.height = `${height * scale}px`;
  const shift = ((height - width) * scale) / 2;
  paper.style.transform = across ? `translate(${shift}px, ${-shift}px) rotate(${turned}deg)` : `rotate(${turned}deg)`;
  paper.style.marginBottom = across ? `${-2 * shift}px` : "";
  shown.textContent = `${Math.round(zoom * 100)} %`;
  if (zoom >= FINE && !image.src.includes("fineness")) image.src += "?fineness=fine";
};

export const zoomBy = (factor) => {
  zoom = factor === 0 ? 1 : Math.max(0.4, Math.min(5, zoom * factor));
  sessionStorage.setItem("zoom", zoom);
  lay();
};

export const turn = () => {
  turned = (turned + 90) % 360;
  lay();
};

export const boxOf = (word) => document.getElementById(`b${word.dataset.start}`);

// Brings the box of a word into sight.
export const show = (word) => {
  const box = boxOf(word)?.getBoundingClientRect();
  if (!box) return;
  const frame = sheet.getBoundingClientRect();
  const margin = 40;
  if (box.top < frame.top + margin || box.bottom > frame.bottom - margin) {
    sheet.scrollTop += (box.top + box.bottom) / 2 - (frame.top + frame.bottom) / 2;
  }
  if (box.left < frame.left || box.right > frame.right) {
    sheet.scrollLeft += (box.left + box.right) / 2 - (frame.left + frame.right) / 2;
  }
};

if (paper) {
  document.getElementById("larger").addEventListener("click", () => zoomBy(1.25));
  document.getElementById("smaller").addEventListener("click", () => zoomBy(0.8));
  document.getElementById("fit").addEventListener("click", () => zoomBy(0));
  document.getElementById("turn").addEventListener("click", turn);
  new ResizeObserver(lay).observe(sheet);
  image.addEventListener("error", () => {
    const told = document.createElement("p");
    told.className = "empty";
    told.textContent = document.getElementById("desk").dataset.tUnshown;
    image.replaceWith(told);
  });
  lay();
}
