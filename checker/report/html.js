/* The HTML report at work: sorting, filtering, and a row's details.  Text from outside goes into the page as text nodes
 * and attributes alone, never as markup. */
(() => {
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const table = document.getElementById("table");
if (!table)
	return;
const body = table.tBodies[0];
const form = document.getElementById("filters");
const collator = new Intl.Collator("en", {numeric: true});
const byId = (id) => document.getElementById(id);

/* What the script knows of a row beside its data: its place in the verdict's order, its elements, what a search sees. */
const rows = Array.from(body.rows, (element, order) => ({...data.rows[order], element, order}));
const rowOf = new Map(rows.map((row) => [row.element, row]));
for (const row of rows) {
	const cells = row.element.cells;
	row.name = cells[1].textContent;
	row.cause = cells[6] ? cells[6].textContent : "";
	row.text = [...row.f, row.r, row.w, row.name].join("\n").toLowerCase();
}

function make(name, attributes, ...children) {
	const e = document.createElement(name);
	for (const [key, value] of Object.entries(attributes))
		e.setAttribute(key, value);
	e.append(...children);
	return e;
}

function draw(name, attributes, ...children) {
	const e = document.createElementNS("http://www.w3.org/2000/svg", name);
	for (const [key, value] of Object.entries(attributes))
		e.setAttribute(key, typeof value === "number" ? value.toFixed(1) : value);
	e.append(...children);
	return e;
}

/* ---- sorting ---- */

let sorted = {key: "order", down: false};

/* What is not known comes last in either direction; equal rows keep the verdict's order. */
function compare(a, b) {
	const x = a[sorted.key], y = b[sorted.key];
	const known = (v) => v !== undefined && v !== "";
	let result = 0;
	if (!known(x) || !known(y))
		return known(y) - known(x) || a.order - b.order;
	result = typeof x === "string" ? collator.compare(x, y) : x - y;
	return (sorted.down ? -result : result) || a.order - b.order;
}

function place() {
	const all = document.createDocumentFragment();
	rows.sort(compare);
	for (const row of rows) {
		all.append(row.element);
		if (row.details)
			all.append(row.details);
	}
	body.append(all);
	filter();
}

for (const head of table.tHead.rows[0].cells) {
	const key = head.dataset.key;
	if (!key)
		continue;
	const button = make("button", {type: "button"}, ...head.childNodes);
	head.append(button);
	if (key === "order")
		head.setAttribute("aria-sort", "ascending");
	button.addEventListener("click", () => {
		/* The largest change is what one looks for first. */
		const down = sorted.key === key ? !sorted.down : key === "c";
		for (const other of table.tHead.rows[0].cells)
			other.removeAttribute("aria-sort");
		sorted = {key, down};
		head.setAttribute("aria-sort", down ? "descending" : "ascending");
		place();
	});
}

/* ---- filtering ---- */

/* A choice for every value that rows have, with how many; a list with one choice is no choice. */
function offer(select, names, key) {
	const counts = new Map();
	for (const row of rows)
		counts.set(row[key] || 0, (counts.get(row[key] || 0) || 0) + 1);
	select.append(make("option", {value: ""}, "all"));
	for (const [value, count] of [...counts].sort((a, b) => a[0] - b[0]))
		select.append(make("option", {value}, `${names[value]} (${count})`));
	select.parentElement.hidden = counts.size < 2;
}

const choices = [["by-label", "l"], ["by-severity", "e"], ["by-suite", "s"], ["by-gate", "g"]];
offer(byId("by-label"), data.labels, "l");
offer(byId("by-severity"), data.severities, "e");
offer(byId("by-suite"), data.suites, "s");
offer(byId("by-gate"), ["gated", "reported only"], "g");

/* The counts above choose, too. */
for (const item of document.querySelectorAll(".counts li")) {
	const label = item.dataset.label;
	if (!byId("by-label").querySelector(`option[value="${label}"]`))
		continue;
	const button = make("button", {type: "button", title: "show these rows only"}, ...item.childNodes);
	item.append(button);
	button.addEventListener("click", () => {
		byId("by-label").value = label;
		/* They count gated rows only. */
		byId("by-gate").value = "0";
		filter();
		table.scrollIntoView({block: "nearest"});
	});
}

/* Laying out thousands of rows takes a browser seconds, and nobody reads them. */
const MOST_ROWS = 500;
let limit = MOST_ROWS;
const more = make("button", {type: "button", id: "more"});
table.after(more);

function filter() {
	const words = byId("search").value.toLowerCase().split(/\s+/).filter((w) => w);
	const wanted = choices.map(([id, key]) => [byId(id).value, key]).filter(([value]) => value !== "");
	let fitting = 0;
	for (const row of rows) {
		const fits = wanted.every(([value, key]) => Number(value) === (row[key] || 0)) && words.every((w) => row.text.includes(w));
		fitting += fits;
		row.element.hidden = !fits || fitting > limit;
		if (row.details)
			row.details.hidden = row.element.hidden || !row.open;
	}
	byId("shown").textContent = fitting === rows.length ? `${fitting} rows` : `${fitting} of ${rows.length} rows`;
	more.hidden = fitting <= limit;
	more.textContent = `Show ${fitting - limit} more rows`;
}

function showAll() {
	limit = Infinity;
	filter();
}

more.addEventListener("click", showAll);
addEventListener("beforeprint", showAll);
form.addEventListener("input", filter);
form.addEventListener("reset", () => setTimeout(filter));
form.addEventListener("submit", (event) => event.preventDefault());

/* ---- numbers on axes ---- */

/* Plots are drawn as wide as they are shown, so that their text keeps its size. */
const plotWidth = () => Math.max(280, Math.min(560, document.documentElement.clientWidth - 60));

/* About `count` round numbers from low to high, and how many decimals they need. */
function ticks(low, high, count) {
	const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
	const step = [1, 2, 5, 10].find((s) => s * power >= rough) * power;
	const list = [];
	for (let i = Math.ceil(low / step); i * step <= high * (1 + 1e-12); i++)
		list.push(i * step);
	return {list, decimals: Math.max(0, -Math.floor(Math.log10(step) + 1e-9))};
}

/* From the smallest to the largest with some room; never of no width. */
function range(values) {
	const low = Math.min(...values), high = Math.max(...values);
	const room = 0.06 * (high - low) || 0.01 * Math.abs(high) || 1;
	return [low - room, high + room];
}

function median(values) {
	const sorted = Float64Array.from(values).sort(), middle = sorted.length >> 1;
	return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const short = (value, unit) => `${Number(value.toPrecision(4))} ${unit}`.trim();

/* ---- plots ---- */

/* One lane a side, a dot a value, from top to bottom in the order of measuring; a line at the median. */
function lane(side, top, height, x) {
	const group = draw("g", {});
	const step = height / Math.max(side.values.length, 8);
	const first = top + (height - step * (side.values.length - 1)) / 2;
	side.values.forEach((value, i) =>
		group.append(draw("circle", {class: side.mark, cx: x(value), cy: first + i * step, r: "3"})));
	const m = x(median(side.values));
	group.append(draw("path", {class: side.mark, "stroke-width": "2", d: `M${m.toFixed(1)} ${top - 4}V${top + height + 4}`}));
	group.append(draw("text", {class: "side right", x: 76, y: top + height / 2 + 4}, side.name));
	return group;
}

function distributions(row) {
	const scaled = (values) => (values || []).map((v) => v * row.m);
	const sides = [
		{name: row.xs ? "stored" : "base", mark: "base-mark", values: scaled(row.x), all: row.xn},
		{name: "head", mark: "head-mark", values: scaled(row.y), all: row.yn},
	].filter((side) => side.values.length);
	const height = 62, width = plotWidth(), bottom = 12 + sides.length * (height + 14);
	const [low, high] = range(sides.flatMap((side) => side.values));
	const x = (v) => 88 + (v - low) / (high - low) * (width - 112);
	const marks = ticks(low, high, width / 90);
	const words = sides.map((side) => {
		const some = side.all ? `${side.values.length} of ${side.all} values` : `${side.values.length} values`;
		return `${side.name}: ${some}, median ${short(median(side.values), row.u)}, from ` +
			`${short(Math.min(...side.values), row.u)} to ${short(Math.max(...side.values), row.u)}`;
	}).join("; ");
	const svg = draw("svg", {viewBox: `0 0 ${width} ${bottom + 26}`, role: "img", "aria-label": words});
	for (const v of marks.list) {
		svg.append(draw("path", {class: "grid", d: `M${x(v).toFixed(1)} 4V${bottom}`}));
		svg.append(draw("text", {x: x(v), y: bottom + 14}, v.toFixed(marks.decimals)));
	}
	svg.append(draw("text", {class: "right", x: 62, y: bottom + 14}, row.u));
	sides.forEach((side, i) => svg.append(lane(side, 14 + i * (height + 14), height, x)));
	const caption = row.xs
		? "Median of each stored run, and every value of the head; from top to bottom as measured"
		: "Every value, from top to bottom as measured; the line is the median";
	return make("figure", {}, make("figcaption", {}, caption), svg, make("p", {}, make("small", {}, words)));
}

/* The stored runs in order, then the head; a dashed line where a new level begins, an empty dot for a run called slower. */
function stored(row) {
	const points = row.hv.map((v, i) => ({value: v * row.m, name: data.runs[row.hr[i]], mark: "base-mark"}));
	const shifts = row.hc || [], slower = row.hs || [];
	if (row.h !== undefined)
		points.push({value: row.h * row.m, name: "head", mark: "head-mark"});
	const width = plotWidth(), height = 150, left = 64;
	const [low, high] = range(points.map((p) => p.value));
	const x = (i) => left + 12 + i * (width - left - 24) / Math.max(points.length - 1, 1);
	const y = (v) => 10 + (high - v) / (high - low) * (height - 10);
	const marks = ticks(low, high, 4);
	const words = `${row.hv.length} stored runs from ${points[0].name}, ` +
		(shifts.length ? `new levels begin at ${shifts.map((i) => points[i].name).join(", ")}` : "no change point known");
	const svg = draw("svg", {viewBox: `0 0 ${width} ${height + 24}`, role: "img", "aria-label": words});
	for (const v of marks.list) {
		svg.append(draw("path", {class: "grid", d: `M${left} ${y(v).toFixed(1)}H${width}`}));
		svg.append(draw("text", {class: "right", x: left - 6, y: y(v) + 4}, v.toFixed(marks.decimals)));
	}
	svg.append(draw("text", {class: "right", x: left - 6, y: height + 18}, row.u));
	for (const i of shifts)
		svg.append(draw("path", {class: "shift", d: `M${(x(i - 0.5)).toFixed(1)} 4V${height}`}));
	svg.append(draw("path", {class: "level", d: "M" + points.map((p, i) => `${x(i).toFixed(1)} ${y(p.value).toFixed(1)}`).join("L")}));
	points.forEach((p, i) => {
		const mark = slower.includes(i) ? "slower-mark" : p.mark;
		svg.append(draw("circle", {class: mark, cx: x(i), cy: y(p.value), r: p.name === "head" ? "4.5" : "3"},
			draw("title", {}, `${p.name}: ${short(p.value, row.u)}`)));
	});
	svg.append(draw("text", {class: "left", x: left, y: height + 18}, points[0].name));
	svg.append(draw("text", {class: "right", x: width, y: height + 18}, points[points.length - 1].name));
	return make("figure", {}, make("figcaption", {}, "History: the median of each stored run, then the head"), svg,
		make("p", {}, make("small", {}, words)));
}

/* ---- details ---- */

function listed(row) {
	const list = (name, values) => values
		? [make("p", {}, `${name}: ${values.map((v) => Number((v * row.m).toPrecision(6))).join(", ")} ${row.u}`)] : [];
	return make("details", {}, make("summary", {}, "The values as text"),
		...list(row.xs ? "stored" : "base", row.x), ...list("head", row.y));
}

function panel(row) {
	const said = [], facts = make("dl", {}), content = make("div", {class: "panel"});
	if (row.r)
		said.push(row.r.includes("\n") ? make("pre", {}, row.r) : make("p", {}, row.r));
	if (row.w)
		said.push(make("p", {}, `warning: ${row.w}`));
	if (row.q)
		said.push(make("p", {}, "measure it again: ", make("code", {}, row.q)));
	if (said.length)
		content.append(make("div", {class: "said"}, ...said));
	if (row.x || row.y)
		content.append(distributions(row));
	if (row.hv)
		content.append(stored(row));
	const cell = (i) => row.element.cells[i].firstChild ? row.element.cells[i].firstChild.textContent : "-";
	const say = (heading, text) => facts.append(make("div", {}, make("dt", {}, heading), make("dd", {}, text)));
	if (row.b !== undefined || row.h !== undefined)
		say("Base and head", `${cell(2)} \u2192 ${cell(3)}`);
	row.f.forEach((text, i) => {
		if (text)
			say(data.facts[i], text);
	});
	content.append(facts);
	if (row.x || row.y)
		content.append(listed(row));
	return content;
}

function toggle(row) {
	row.open = !row.open;
	if (!row.details) {
		const cell = make("td", {colspan: row.element.cells.length}, panel(row));
		row.details = make("tr", {class: "more", id: `details-${row.order}`}, cell);
		row.element.after(row.details);
	}
	row.details.hidden = !row.open;
	row.button.setAttribute("aria-expanded", row.open);
	row.button.setAttribute("aria-controls", row.details.id);
}

for (const row of rows) {
	const head = row.element.cells[1];
	row.button = make("button", {type: "button", "aria-expanded": "false"}, ...head.childNodes);
	head.append(row.button);
}
body.addEventListener("click", (event) => {
	const row = rowOf.get(event.target.closest("tr"));
	/* Who selects text does not want the row to open. */
	if (!row || (!event.target.closest("button") && String(getSelection()) !== ""))
		return;
	toggle(row);
	/* The address leads others to the row. */
	history.replaceState(null, "", row.open ? `#${encodeURIComponent(row.name)}` : "#");
});

/* The row that the address names, if there is one: opened, and drawn even where it is far down. */
function follow() {
	let wanted = "";
	try {
		wanted = decodeURIComponent(location.hash.slice(1));
	} catch {
		return; /* not from here */
	}
	const row = rows.find((r) => r.name === wanted);
	if (!row)
		return;
	if (!row.open)
		toggle(row);
	if (row.element.hidden)
		showAll();
	if (row.element.getBoundingClientRect().top > 0.7 * innerHeight)
		row.element.scrollIntoView();
}

addEventListener("hashchange", follow);

table.classList.add("live");
form.hidden = false;
filter();
follow();
})();
