/* The page of a profile at work: sample types, tabs, search, sorting, functions with their callers.  Text of the profile
 * goes into the page as text nodes alone, never as markup. */
(() => {
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const select = byId("type"), input = byId("search"), said = byId("said"), tabs = byId("tabs");
const sections = Array.from(document.querySelectorAll("main > section"));
const TOP_ROWS = 300, TREE_BLOCKS = 80, PEEK_BLOCKS = 40;
const [NAME, FLAT, CUM, CALLERS, CALLEES, MORE_CALLERS, MORE_CALLEES] = [0, 1, 2, 3, 4, 5, 6];
let searched = ""; /* in the flame graph */
let tab = "top", order = {key: FLAT, down: true}, peeked = null;

for (const type of data.types)
	type.of = new Map(type.nodes.map((node) => [node[NAME], node]));
const numbers = new Map(data.functions.map((name, number) => [name, number]));
const sourced = new Set(data.sources.map((source) => source.function));

function make(name, attributes, ...children) {
	const e = document.createElement(name);
	for (const [key, value] of Object.entries(attributes))
		e.setAttribute(key, value);
	e.append(...children);
	return e;
}

/* ---- numbers ---- */

const units = {
	time: [[1, "ns"], [1e3, "us"], [1e6, "ms"], [1e9, "s"], [60e9, "mins"], [3600e9, "hrs"]],
	memory: [[1, "B"], [1024, "kB"], [1024 ** 2, "MB"], [1024 ** 3, "GB"], [1024 ** 4, "TB"]],
};

function type() {
	return data.types[select.selectedIndex];
}

function cost(value) {
	const t = type();
	const scaled = value * t.factor;
	let [divisor, unit] = [1, t.unit];
	for (const [size, name] of units[t.kind] || [])
		if (Math.abs(scaled) >= size || size === 1)
			[divisor, unit] = [size, name];
	if (scaled === 0)
		return "0";
	return String(Math.round(100 * scaled / divisor) / 100) + unit;
}

function percent(part, whole) {
	return whole ? (100 * part / whole).toFixed(Math.abs(part) >= Math.abs(whole) ? 0 : 2) + "%" : "0%";
}

/* ---- what is asked for ---- */

function expression() {
	said.textContent = "";
	input.removeAttribute("aria-invalid");
	try {
		return input.value ? new RegExp(input.value) : null;
	} catch (error) {
		said.textContent = "This is no regular expression.";
		input.setAttribute("aria-invalid", "true");
		return null;
	}
}

function nodes() {
	const re = expression();
	const list = type().nodes.filter((node) => !re || re.test(data.functions[node[NAME]]));
	const sign = order.down ? -1 : 1;
	list.sort((a, b) => order.key === NAME
		? sign * (data.functions[a[NAME]] < data.functions[b[NAME]] ? -1 : 1)
		: sign * (Math.abs(a[order.key]) - Math.abs(b[order.key])));
	if (re)
		said.textContent = `${list.length} functions match`;
	return list;
}

/* ---- parts ---- */

function link(number) {
	const button = make("button", {type: "button", class: "link"}, data.functions[number]);
	button.addEventListener("click", () => peek(number));
	return button;
}

function callRows(calls, more, kind, whole) {
	const rows = calls.map(([other, value, flags = 0]) => make("tr", {},
		make("td", {class: "n"}, cost(value)), make("td", {class: "n"}, percent(value, whole)),
		make("td", {class: "kind"}, kind),
		make("td", {class: "name"}, link(other), flags & 1 ? " (inlined)" : "", flags & 2 ? " (over others)" : "")));
	if (more)
		rows.push(make("tr", {}, make("td", {}), make("td", {}), make("td", {class: "kind"}, kind),
			make("td", {class: "rest"}, `and ${more} lighter ones`)));
	return rows;
}

/* A function between its callers and what it calls. */
function block(node) {
	const number = node[NAME];
	const total = type().total;
	const actions = make("div", {class: "actions"});
	const add = (text, act) => {
		const button = make("button", {type: "button"}, text);
		button.addEventListener("click", act);
		actions.append(button);
	};
	add("Flame graph", () => showFlame(data.functions[number]));
	if (sourced.has(number))
		add("Source", () => {
			peeked = number;
			go("source");
		});
	return make("div", {class: "block"},
		make("table", {class: "calls"}, make("tbody", {},
			...callRows(node[CALLERS], node[MORE_CALLERS], "caller", node[CUM]),
			make("tr", {class: "self"},
				make("td", {class: "n"}, cost(node[CUM])), make("td", {class: "n"}, percent(node[CUM], total)),
				make("td", {class: "kind"}, "cum"),
				make("th", {scope: "row"}, data.functions[number],
					` \u2014 itself ${cost(node[FLAT])}, ${percent(node[FLAT], total)}`)),
			...callRows(node[CALLEES], node[MORE_CALLEES], "callee", node[CUM]))), actions);
}

function rest(shown, all, what, none = "") {
	return make("p", {class: "rest"}, !all ? none : shown < all ? `${shown} of ${all} ${what}.` : "");
}

const NONE = "There are no functions to show.";

/* ---- views ---- */

const views = {
	top(section) {
		const list = nodes(), t = type();
		const body = section.querySelector("tbody");
		body.replaceChildren(...list.slice(0, TOP_ROWS).map((node) => make("tr", {},
			make("td", {class: "n"}, cost(node[FLAT])), make("td", {class: "n"}, percent(node[FLAT], t.total)),
			make("td", {class: "n"}, cost(node[CUM])), make("td", {class: "n"}, percent(node[CUM], t.total)),
			make("th", {scope: "row"}, link(node[NAME])))));
		section.querySelector(".rest").replaceWith(
			rest(Math.min(list.length, TOP_ROWS), input.value ? list.length : t.whole,
				"functions; a search finds the others that are in this page, 'pawl profile top --all' prints all", NONE));
		for (const head of section.querySelectorAll("[data-key]")) {
			head.removeAttribute("aria-sort");
			if (Number(head.dataset.key) === order.key)
				head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
		}
	},
	tree(section) {
		const list = nodes();
		section.replaceChildren(make("h2", {}, "Functions between callers and callees"),
			...list.slice(0, TREE_BLOCKS).map(block), rest(Math.min(list.length, TREE_BLOCKS), list.length, "functions", NONE));
	},
	peek(section) {
		let list = [];
		if (peeked !== null)
			list = type().of.has(peeked) ? [type().of.get(peeked)] : [];
		else if (input.value)
			list = nodes();
		section.replaceChildren(make("h2", {}, peeked === null ? "Functions that match" : data.functions[peeked]),
			...list.slice(0, PEEK_BLOCKS).map(block), rest(Math.min(list.length, PEEK_BLOCKS), list.length, "functions"));
		if (!list.length)
			section.append(make("p", {}, peeked === null ? "Choose a function in another view, or search for one."
				: "It costs nothing of this sample type, or too little to be in this page."));
	},
	source(section) {
		const re = peeked === null ? expression() : null;
		const list = data.sources.filter((s) => peeked !== null ? s.function === peeked : !re || re.test(data.functions[s.function]));
		section.replaceChildren(make("h2", {}, "Source"), ...list.slice(0, 10).map(listing),
			rest(Math.min(list.length, 10), list.length, "functions"));
		if (!data.sources.length)
			section.append(make("p", {}, "No source was found where this page was written; --source-path says where it is."));
		else if (!list.length)
			section.append(make("p", {}, "The source of this function is not in this page."));
	},
	flame() {
		const root = document.querySelector("#flame .of-type:not([hidden]) div.flame");
		root.dispatchEvent(new CustomEvent("flame-seen"));
		if (input.value || searched)
			root.dispatchEvent(new CustomEvent("flame-search", {detail: {text: input.value}}));
		searched = input.value;
	},
	graph() {
	},
};

function listing(source) {
	const costs = source.costs[select.selectedIndex];
	const of = new Map();
	for (let i = 0; i < costs.length; i += 3)
		of.set(costs[i], [costs[i + 1], costs[i + 2]]);
	return make("div", {class: "block"}, make("h3", {}, link(source.function), ` in ${source.file}`),
		make("div", {class: "wide"}, make("table", {class: "code"},
			make("thead", {}, make("tr", {}, make("th", {scope: "col", class: "n"}, "Flat"),
				make("th", {scope: "col", class: "n"}, "Cum"), make("th", {scope: "col", class: "n"}, "Line"),
				make("th", {scope: "col"}, "Source"))),
			make("tbody", {}, ...source.lines.map((text, i) => {
				const line = of.get(source.first + i);
				return make("tr", {class: line ? "hot" : ""}, make("td", {class: "n"}, line && line[0] ? cost(line[0]) : ""),
					make("td", {class: "n"}, line && line[1] ? cost(line[1]) : ""),
					make("td", {class: "n number"}, String(source.first + i)), make("td", {}, text));
			})))));
}

/* ---- going about ---- */

function show() {
	for (const section of sections)
		section.hidden = section.id !== tab;
	for (const button of tabs.children) {
		const chosen = button.dataset.tab === tab;
		button.setAttribute("aria-selected", String(chosen));
		button.tabIndex = chosen ? 0 : -1;
	}
	for (const part of document.querySelectorAll(".of-type"))
		part.hidden = Number(part.dataset.type) !== select.selectedIndex;
	if (tab === "flame" || tab === "graph")
		said.textContent = "";
	views[tab](byId(tab));
}

function go(name) {
	tab = name;
	history.replaceState(null, "", "#view=" + name);
	show();
}

function peek(number) {
	peeked = number;
	go("peek");
	scrollTo(0, 0);
}

function showFlame(name) {
	go("flame");
	document.querySelector("#flame .of-type:not([hidden]) div.flame").dispatchEvent(new CustomEvent("flame-show", {detail: {name}}));
}

for (const section of sections) {
	const button = make("button", {type: "button", role: "tab", "data-tab": section.id, "aria-controls": section.id}, section.dataset.title);
	section.setAttribute("role", "tabpanel");
	button.addEventListener("click", () => go(section.id));
	tabs.append(button);
}
tabs.addEventListener("keydown", (event) => {
	const step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
	if (!step)
		return;
	const list = Array.from(tabs.children);
	const next = list[(list.findIndex((b) => b.dataset.tab === tab) + step + list.length) % list.length];
	go(next.dataset.tab);
	next.focus();
});
for (const head of document.querySelectorAll("#top [data-key]")) {
	const button = make("button", {type: "button", class: "link"}, ...head.childNodes);
	head.append(button);
	button.addEventListener("click", () => {
		const key = Number(head.dataset.key);
		order = {key, down: order.key === key ? !order.down : key !== NAME};
		show();
	});
}
/* A frame's name in the line above the picture leads to its callers. */
document.addEventListener("flame-tell", (event) => {
	const number = numbers.get(event.detail.name);
	if (number === undefined)
		return;
	const button = make("button", {type: "button"}, "Callers and callees");
	button.addEventListener("click", () => peek(number));
	event.detail.place.append(button);
});
/* Names in the drawn graph, too: their title is what dot was told. */
for (const node of document.querySelectorAll("#graph g.node a, #graph g.node")) {
	const title = node.getAttribute("xlink:title") || "";
	const number = numbers.get(title.replace(/ \([^()]*\)$/, ""));
	if (number === undefined)
		continue;
	node.setAttribute("tabindex", "0");
	node.setAttribute("role", "button");
	node.setAttribute("aria-label", title);
	node.addEventListener("click", (event) => {
		event.preventDefault();
		peek(number);
	});
	node.addEventListener("keydown", (event) => {
		if (event.key === "Enter")
			peek(number);
	});
}
select.addEventListener("change", show);
input.addEventListener("input", () => {
	peeked = null;
	show();
});
byId("tools").addEventListener("submit", (event) => event.preventDefault());
byId("tools").hidden = false;
tabs.hidden = false;
if (sections.some((section) => "#view=" + section.id === location.hash))
	tab = location.hash.slice("#view=".length);
show();
})();
