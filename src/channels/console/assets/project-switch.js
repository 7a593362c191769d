import { listProjects } from "./pages-api.js";
import { el } from "./render/dom.js";
import { chosenProject } from "./store.js";

/** @import { ProjectName } from "../wire.ts" */

/**
 * Which project questions are narrowed to. It shows itself where there are projects.
 * @param {HTMLElement} place
 * @param {(message: string) => void} announce
 */
export function createProjectSwitch(place, announce) {
  const select = el("select", { id: "project", onchange });
  place.append(el("label", { for: "project" }, "Asking about"), select);

  function onchange() {
    const name = select.selectedOptions[0]?.textContent ?? "";
    chosenProject.set(select.value === "" ? null : JSON.stringify({ id: select.value, name }));
    mark();
    announce(select.value === "" ? "Questions are about everything." : `Questions are narrowed to project ${name}.`);
  }

  function mark() {
    place.classList.toggle("narrowed", select.value !== "");
  }

  /** @param {readonly Pick<ProjectName, "id" | "name">[]} known */
  function offer(known) {
    const current = kept();
    // What is gone is not asked about any more.
    if (current && !known.some(({ id }) => id === current.id)) chosenProject.set(null);
    select.replaceChildren(
      el("option", { value: "" }, "everything"),
      ...known.map(({ id, name }) => el("option", { value: id, selected: id === current?.id }, name)),
    );
    place.hidden = known.length === 0;
    mark();
  }

  return {
    /** Id; null for everything. */
    project: () => kept()?.id ?? null,
    /** Without an answer the switch stays as it was: a comfort. */
    async refresh() {
      try {
        offer(await listProjects());
      } catch {}
    },
  };
}

/** @returns {{ id: string, name: string } | null} */
function kept() {
  try {
    return JSON.parse(chosenProject.get() ?? "null");
  } catch {
    return null;
  }
}
