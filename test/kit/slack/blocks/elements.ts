import type { Fields } from "../shapes.ts";
import type { Report } from "./report.ts";
import { checkPlain, checkText } from "./text.ts";

/** Things inside blocks that a person can press, and pictures. */

const ACTION_ID = { max: 255 };

export function checkButton(report: Report, button: Fields, at: string): void {
  report.fields(button, at, "type text action_id", "value url style confirm accessibility_label");
  checkPlain(report, button.text, `${at}/text`, 75);
  report.string(button.action_id, `${at}/action_id`, ACTION_ID);
  report.optionalString(button.value, `${at}/value`, { max: 2_000 });
  report.optionalString(button.url, `${at}/url`, { max: 3_000 });
  report.optionalString(button.accessibility_label, `${at}/accessibility_label`, { max: 75 });
  if (button.style !== undefined) report.oneOf(button.style, `${at}/style`, ["primary", "danger"]);
  if (button.confirm !== undefined) checkConfirm(report, button.confirm, `${at}/confirm`);
}

function checkConfirm(report: Report, value: unknown, at: string): void {
  const confirm = report.object(value, at);
  if (!confirm) return;
  report.fields(confirm, at, "title text confirm deny", "style");
  checkPlain(report, confirm.title, `${at}/title`, 100);
  checkText(report, confirm.text, `${at}/text`, { max: 300 });
  checkPlain(report, confirm.confirm, `${at}/confirm`, 30);
  checkPlain(report, confirm.deny, `${at}/deny`, 30);
}

export function checkSelect(report: Report, select: Fields, at: string): void {
  report.fields(select, at, "type action_id options", "placeholder initial_option confirm focus_on_load");
  report.string(select.action_id, `${at}/action_id`, ACTION_ID);
  if (select.placeholder !== undefined) checkPlain(report, select.placeholder, `${at}/placeholder`, 150);
  const max = select.type === "static_select" ? 100 : select.type === "overflow" ? 5 : 10;
  for (const [i, item] of report.list(select.options, `${at}/options`, { max }).entries()) {
    const option = report.object(item, `${at}/options/${i}`);
    if (!option) continue;
    report.fields(option, `${at}/options/${i}`, "text value", "description url");
    checkText(report, option.text, `${at}/options/${i}/text`, { max: 75 });
    report.string(option.value, `${at}/options/${i}/value`, { max: 150 });
  }
}

export function checkFeedback(report: Report, element: Fields, at: string): void {
  report.fields(element, at, "type action_id positive_button negative_button");
  report.string(element.action_id, `${at}/action_id`, ACTION_ID);
  for (const name of ["positive_button", "negative_button"]) {
    const button = report.object(element[name], `${at}/${name}`);
    if (!button) continue;
    report.fields(button, `${at}/${name}`, "text value", "accessibility_label");
    checkPlain(report, button.text, `${at}/${name}/text`, 75);
    report.string(button.value, `${at}/${name}/value`, { max: 2_000 });
    report.optionalString(button.accessibility_label, `${at}/${name}/accessibility_label`, { max: 75 });
  }
}

export function checkIconButton(report: Report, element: Fields, at: string): void {
  report.fields(element, at, "type action_id icon text", "value accessibility_label visible_to_user_ids confirm");
  report.string(element.action_id, `${at}/action_id`, ACTION_ID);
  report.string(element.icon, `${at}/icon`);
  checkPlain(report, element.text, `${at}/text`, 75);
  report.optionalString(element.value, `${at}/value`, { max: 2_000 });
}

/** The picture fields of image blocks and image elements: exactly one of `slack_file` and `image_url`. */
export function checkPicture(report: Report, image: Fields, at: string): void {
  report.string(image.alt_text, `${at}/alt_text`, { max: 2_000 });
  if ((image.slack_file === undefined) === (image.image_url === undefined))
    report.add("must define exactly one of `slack_file` or `image_url`", at);
  if (image.image_url !== undefined) report.string(image.image_url, `${at}/image_url`, { max: 3_000 });
  if (image.slack_file === undefined) return;
  const file = report.object(image.slack_file, `${at}/slack_file`);
  if (file) report.fields(file, `${at}/slack_file`, file.url === undefined ? "id" : "url");
}

export function checkImageElement(report: Report, element: Fields, at: string): void {
  report.fields(element, at, "type alt_text", "slack_file image_url");
  checkPicture(report, element, at);
}

export function checkTextInput(report: Report, element: Fields, at: string): void {
  report.fields(
    element,
    at,
    "type action_id",
    "initial_value multiline min_length max_length placeholder focus_on_load dispatch_action_config",
  );
  report.string(element.action_id, `${at}/action_id`, ACTION_ID);
  report.optionalString(element.initial_value, `${at}/initial_value`, { min: 0, max: 3_000 });
  if (element.placeholder !== undefined) checkPlain(report, element.placeholder, `${at}/placeholder`, 150);
}
