// The law's pages and the lists: printing, and all worked cases open on paper.
const folds = () => [...document.querySelectorAll("details.cases-of")];

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

// A folded case would be missing on paper; what was folded is folded again afterwards.
let closed = [];
window.addEventListener("beforeprint", () => {
  closed = folds().filter((fold) => !fold.open);
  closed.forEach((fold) => { fold.open = true; });
});
window.addEventListener("afterprint", () => closed.forEach((fold) => { fold.open = false; }));
