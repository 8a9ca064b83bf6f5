// Draws the processes of a page on their BPMN models and marks where they are.

const REFRESH_MILLIS = 3000;
const MARGIN = 0.94;
const LARGEST = 1.1;

async function show(container) {
  const tabs = container.querySelector(".process-tabs");
  const canvas = container.querySelector(".process-canvas");
  let diagrams = [];
  let selected = null; // the process that the reader chose
  let drawn = null;
  let viewer = null;

  function colour(name) {
    return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  }

  function current() {
    return diagrams.find(diagram => diagram.key === selected) ?? diagrams[0];
  }

  function fit() {
    // In a box without a size, or while another model is being drawn, there is nothing to fit.
    if (!drawn || canvas.clientWidth === 0 || canvas.clientHeight === 0) {
      return;
    }
    const drawing = viewer.get("canvas");
    drawing.resized();
    drawing.zoom(Math.min(drawing.zoom("fit-viewport", "auto") * MARGIN, LARGEST), "auto");
  }

  function mark(diagram) {
    const elements = viewer.get("elementRegistry");
    const overlay = viewer.get("canvas");
    elements.forEach(element => ["step-taken", "step-active", "step-failed", "flow-taken"].forEach(marker => overlay.removeMarker(element, marker)));
    // A frame around steps is not where anything is.
    const isStep = element => element && element.type !== "bpmn:SubProcess";
    const add = (ids, marker) => ids.filter(id => isStep(elements.get(id))).forEach(id => overlay.addMarker(id, marker));
    add(diagram.taken.filter(id => !diagram.active.includes(id) && !diagram.failed.includes(id)), "step-taken");
    add(diagram.active.filter(id => !diagram.failed.includes(id)), "step-active");
    add(diagram.failed, "step-failed");
    diagram.flows.map(id => elements.get(id)).filter(Boolean).forEach(flow => overlay.addMarker(flow, "flow-taken"));
  }

  async function draw() {
    const diagram = current();
    if (!diagram) {
      return;
    }
    tabs.replaceChildren(...diagrams.map(each => {
      const tab = document.createElement("button");
      tab.type = "button";
      tab.role = "tab";
      tab.textContent = each.name;
      tab.setAttribute("aria-selected", String(each === diagram));
      tab.addEventListener("click", () => {
        selected = each.key;
        draw();
      });
      return tab;
    }));
    if (drawn !== diagram.key) {
      drawn = null;
      viewer?.destroy();
      canvas.textContent = " ";
      viewer = new window.BpmnJS({
        container: canvas,
        bpmnRenderer: {
          defaultFillColor: colour("--cs-surface"),
          defaultStrokeColor: colour("--cs-border-strong"),
          defaultLabelColor: colour("--cs-text"),
        },
      });
      await viewer.importXML(diagram.xml);
      drawn = diagram.key;
      fit();
    }
    mark(diagram);
  }

  async function refresh() {
    // Without an answer, the next try may get one; a redirect leads to the sign-in.
    const response = await fetch(container.dataset.process, { headers: { Accept: "application/json" } }).catch(() => null);
    if (response?.ok && !response.redirected) {
      const fresh = await response.json();
      if (JSON.stringify(fresh) !== JSON.stringify(diagrams)) {
        diagrams = fresh;
        await draw();
      }
    }
  }

  new MutationObserver(() => {
    drawn = null;
    draw();
  }).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
  new ResizeObserver(fit).observe(canvas);
  await refresh();
  setInterval(() => {
    if (!document.hidden) {
      refresh();
    }
  }, REFRESH_MILLIS);
}

document.querySelectorAll("[data-process]").forEach(show);
