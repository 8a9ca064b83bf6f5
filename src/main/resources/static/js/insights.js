// Where a chart is wider than the screen, the newest weeks are in sight.
function showNewest() {
  document.querySelectorAll("[data-scroll-end]").forEach(chart => { chart.scrollLeft = chart.scrollWidth; });
}
showNewest();
window.addEventListener("resize", showNewest);
