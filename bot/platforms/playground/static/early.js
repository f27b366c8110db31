// Runs before the first paint, so that a remembered theme never flashes in late.
try {
  document.documentElement.dataset.theme = localStorage.getItem("xueban.theme") ?? "auto";
} catch {
  document.documentElement.dataset.theme = "auto";
}
