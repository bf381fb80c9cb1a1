/* Flame graphs at work: zoom, search, keyboard.  What is known of a frame stands in its attributes; names come from its
 * title and go into the page as text. */
(() => {
"use strict";

const NS = "http://www.w3.org/2000/svg";
const TEXT_LEAST = 14; /* pixels below which no letter fits */
const LINE_LEAST = 4; /* and a line around the box would hide it */

function start(root) {
	const picture = root.querySelector("svg.frames");
	const tools = root.querySelector(".flame-tools");
	const input = tools.querySelector("input");
	const found = root.querySelector(".flame-found");
	const out = root.querySelector(".flame-out");
	const detail = root.querySelector(".flame-detail");
	const frames = [];
	const of = new Map();
	const open = [];
	for (const element of picture.querySelectorAll("svg.f")) {
		const level = Number(element.getAttribute("aria-level")) - 1;
		const title = element.querySelector("title").textContent;
		const end = title.indexOf("\n");
		const frame = {
			element, level, title,
			name: element.classList.contains("g") ? "" : title.slice(0, end).replace(/ \(inlined\)$/, ""),
			x: parseFloat(element.getAttribute("x")),
			width: parseFloat(element.getAttribute("width")),
			cost: Number(element.dataset.h), base: Number(element.dataset.b || 0),
			parent: open[level - 1], children: [], shown: true,
		};
		open[level] = frame;
		if (frame.parent)
			frame.parent.children.push(frame);
		frames.push(frame);
		of.set(element, frame);
	}
	const whole = frames[0];
	const history = [];
	let zoomed = whole, current = whole, hits = new Set();

	/* Names fit in where there is room, as the picture is now. */
	function label() {
		const room = picture.getBoundingClientRect().width || 1200;
		for (const frame of frames) {
			if (!frame.shown)
				continue;
			const fits = frame.now * room / 100 >= TEXT_LEAST;
			frame.element.classList.toggle("n", frame.now * room / 100 < LINE_LEAST);
			let text = frame.element.querySelector("text");
			if (fits && !text) {
				text = document.createElementNS(NS, "text");
				text.setAttribute("x", 4);
				text.setAttribute("y", frame.element.dataset.b === undefined ? 13 : 12);
				text.textContent = frame.name ? frame.name.slice(0, 240) : "(too narrow)";
				frame.element.append(text);
			}
			if (text)
				text.setAttribute("visibility", fits ? "visible" : "hidden");
		}
	}

	function place() {
		const above = new Set();
		for (let f = zoomed; f; f = f.parent)
			above.add(f);
		for (const frame of frames) {
			let x = 0, width = 100;
			frame.shown = above.has(frame);
			if (!frame.shown) {
				x = (frame.x - zoomed.x) * 100 / zoomed.width;
				width = frame.width * 100 / zoomed.width;
				frame.shown = frame.level > zoomed.level && x > -1e-4 && x + width < 100.001;
			}
			frame.now = width;
			frame.element.setAttribute("visibility", frame.shown ? "visible" : "hidden");
			frame.element.setAttribute("display", frame.shown ? "inline" : "none");
			frame.element.setAttribute("x", x + "%");
			frame.element.setAttribute("width", width + "%");
			frame.element.setAttribute("opacity", frame.shown && frame.level < zoomed.level ? ".6" : "1");
		}
		out.disabled = zoomed === whole;
		label();
	}

	function tell(frame) {
		detail.textContent = frame ? frame.title : "\u00a0";
		if (frame && frame.name && frame !== whole)
			root.dispatchEvent(new CustomEvent("flame-tell", {bubbles: true, detail: {name: frame.name, place: detail}}));
	}

	function select(frame, focus) {
		current.element.setAttribute("tabindex", -1);
		current = frame;
		current.element.setAttribute("tabindex", 0);
		tell(frame);
		if (focus)
			frame.element.focus();
	}

	function zoom(frame) {
		if (frame.name === "" || frame === zoomed)
			return;
		history.push(zoomed);
		zoomed = frame;
		place();
	}

	function back() {
		zoomed = history.pop() || whole;
		place();
		if (!current.shown)
			select(zoomed, root.contains(document.activeElement) && document.activeElement !== input);
	}

	/* The widest of the shown frames beside it. */
	function beside(frame, step) {
		const level = frames.filter((f) => f.level === frame.level && f.shown);
		return level[level.indexOf(frame) + step];
	}

	function percent(part, all) {
		return all > 0 ? (100 * part / all).toFixed(1) + " %" : "0 %";
	}

	/* A match inside of another one is part of it already. */
	function share(of_frame, all) {
		let sum = 0;
		for (const frame of hits) {
			let f = frame.parent;
			while (f && !hits.has(f))
				f = f.parent;
			if (!f)
				sum += of_frame(frame);
		}
		return percent(sum, all);
	}

	function search() {
		let re = null;
		hits = new Set();
		found.textContent = "";
		input.removeAttribute("aria-invalid");
		try {
			re = input.value && new RegExp(input.value);
		} catch (error) {
			found.textContent = "This is no regular expression.";
			input.setAttribute("aria-invalid", "true");
		}
		for (const frame of frames) {
			const hit = Boolean(re) && frame.name !== "" && frame !== whole && re.test(frame.name);
			frame.element.classList.toggle("hit", hit);
			if (hit)
				hits.add(frame);
		}
		if (!re)
			return;
		found.textContent = `${hits.size} matched, ${share((f) => f.cost, whole.cost)}` +
			(whole.element.dataset.b === undefined ? "" : ` (${root.dataset.baseWord}: ${share((f) => f.base, whole.base)})`);
	}

	function key(event) {
		const frame = of.get(event.target);
		let next;
		if (event.ctrlKey || event.metaKey || event.altKey)
			return;
		if (event.key === "/" && event.target !== input) {
			input.focus();
			input.select();
			event.preventDefault();
			return;
		}
		if (event.key === "Escape" && event.target === input && input.value) {
			input.value = "";
			search();
			return;
		}
		if (event.key === "Escape") {
			back();
			event.preventDefault();
			return;
		}
		if (!frame)
			return;
		switch (event.key) {
		case "Enter":
		case " ":
			zoom(frame);
			break;
		case "ArrowDown":
			next = frame.children.find((f) => f.shown);
			break;
		case "ArrowUp":
			next = frame.parent;
			break;
		case "ArrowLeft":
			next = beside(frame, -1);
			break;
		case "ArrowRight":
			next = beside(frame, 1);
			break;
		case "Home":
			next = whole;
			break;
		default:
			return;
		}
		event.preventDefault();
		if (next)
			select(next, true);
	}

	picture.addEventListener("click", (event) => {
		const element = event.target.closest("svg.f");
		if (element) {
			select(of.get(element), true);
			zoom(of.get(element));
		}
	});
	picture.addEventListener("mouseover", (event) => {
		const element = event.target.closest("svg.f");
		if (element)
			tell(of.get(element));
	});
	picture.addEventListener("mouseleave", () => tell(current === whole ? null : current));
	picture.addEventListener("focusin", (event) => {
		const frame = of.get(event.target);
		if (frame && frame !== current)
			select(frame, false);
		else if (frame)
			tell(frame);
	});
	root.addEventListener("keydown", key);
	input.addEventListener("input", search);
	tools.addEventListener("submit", (event) => event.preventDefault());
	out.addEventListener("click", back);
	/* Others in the page ask for functions: all of them are marked, the widest is zoomed to. */
	root.addEventListener("flame-show", (event) => {
		const name = event.detail.name;
		const wide = frames.filter((f) => f.name === name).sort((a, b) => b.width - a.width)[0];
		input.value = "^" + name.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&") + "$";
		search();
		if (wide) {
			zoom(wide);
			select(wide, true);
		} else {
			found.textContent = "It is nowhere wide enough to be drawn.";
		}
	});
	root.addEventListener("flame-search", (event) => {
		input.value = event.detail.text;
		search();
	});
	addEventListener("resize", label);
	addEventListener("beforeprint", label);
	root.addEventListener("flame-seen", label);
	tools.hidden = false;
	root.querySelector(".flame-keys").hidden = false;
	place();
}

for (const root of document.querySelectorAll("div.flame"))
	start(root);
})();
