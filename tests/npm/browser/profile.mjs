/* Opens pages of profiles in a browser and says, one sentence a line, what holds.
 *
 *   node profile.mjs BROWSER FOLDER    with the pages that tests/cli/pictures.sh writes in FOLDER
 */
import {existsSync} from "node:fs";
import {fits, folder, open, run, say} from "./pages.mjs";

const tab = (page, name) => page.locator("#tabs button", {hasText: name}).click();
const focused = (page) => page.evaluate(() => document.activeElement.querySelector("title")?.textContent.split("\n")[0]);
const frames = "svg.f:not([display='none'])";

async function flame() {
	const {context, page, said, requests} = await open("flame.html");
	const all = await page.locator(frames).count();
	const work = page.locator("svg.f", {has: page.locator("title", {hasText: /^main\.computeDiscount\n/})}).first();

	say(all > 50, "a differential flame graph has its frames", all);
	say((await page.locator(".flame-legend").allInnerTexts()).join(" ").includes("base 2.11s, head 2.38s"), "and a legend with both costs");
	say(await page.locator("svg.f.v").count() > 5, "what vanished is drawn");
	await work.click();
	say(await work.getAttribute("width") === "100%", "a click zooms");
	say(await page.locator(frames).count() < all, "what is beside it goes");
	say((await page.locator(".flame-detail").innerText()).includes("+145.9"), "its change is told", await page.locator(".flame-detail").innerText());
	await page.keyboard.press("Escape");
	say(await page.locator(frames).count() === all, "Escape goes back");
	await page.keyboard.press("Home");
	say(await focused(page) === "all", "Home is the root", await focused(page));
	await page.keyboard.press("ArrowDown");
	say(await focused(page) === "main.(*pool).worker", "arrow down is the widest callee", await focused(page));
	await page.keyboard.press("ArrowRight");
	say(!["all", "main.(*pool).worker"].includes(await focused(page)), "arrow right the one beside it", await focused(page));
	await page.keyboard.press("ArrowUp");
	say(await focused(page) === "all", "arrow up the caller");
	await page.keyboard.press("ArrowDown");
	await page.keyboard.press("Enter");
	say(await page.locator(frames).count() < all, "Enter zooms");
	await page.keyboard.press("/");
	say(await page.evaluate(() => document.activeElement.type === "search"), "/ goes to the search");
	await page.keyboard.press("Escape");
	await page.keyboard.type("sha256|main\\.fib");
	say(/^[1-9]\d* matched, \d+\.\d % \(base: \d+\.\d %\)$/.test(await page.locator(".flame-found").innerText()), "a search tells the share of what matches",
		await page.locator(".flame-found").innerText());
	say(await page.locator("svg.f.hit").count() > 3, "and marks it");
	await page.locator(".flame-tools input").fill("(");
	say((await page.locator(".flame-found").innerText()).includes("no regular expression"), "what is no expression is told");
	say(await page.locator("svg.frames[role=tree] svg.f[role=treeitem]").count() === all, "screen readers find a tree");
	say(said.length === 0 && requests.length === 1, "the console stays empty, and nothing is loaded", [said, requests]);
	await context.close();
}

async function cpu() {
	const {context, page, said, requests} = await open("cpu.html");
	const rows = page.locator("#top tbody tr");

	say((await rows.first().innerText()).includes("main.computeDiscount"), "top shows what costs most first");
	say((await rows.first().innerText()).includes("510ms"), "with its cost", await rows.first().innerText());
	await page.locator("#top thead button", {hasText: "Cum"}).first().click();
	say((await rows.first().innerText()).includes("main.(*pool).worker"), "a heading sorts", await rows.first().innerText());
	await page.locator("#search").fill("^crypto/");
	say((await rows.allInnerTexts()).every((row) => row.includes("crypto/")), "a search filters");
	await page.locator("#search").fill("");
	await page.locator("#top tbody button", {hasText: "main.computeTax"}).click();
	say(await page.locator("#peek").isVisible() && (await page.locator("#peek .block").innerText()).includes("main.(*pool).applyBusinessRules"),
		"a click on a function shows its callers");
	await page.locator("#peek .actions button", {hasText: "Flame"}).click();
	say(await page.locator("#flame .of-type:not([hidden]) svg.f.hit").count() >= 1, "and from there its place in the flame graph");
	await page.locator("#flame .of-type:not([hidden]) .flame-detail button").click();
	say((await page.locator("#peek h2").innerText()) === "main.computeTax", "which leads back", await page.locator("#peek h2").innerText());
	await tab(page, "Tree");
	say(await page.locator("#tree .block").count() > 20, "the tree has a block a function");
	await tab(page, "Source");
	say(await page.locator("#source .code .hot").count() > 0, "source lines have their cost");
	await page.locator("#type").selectOption({label: "samples"});
	await tab(page, "Top");
	say(!(await rows.first().innerText()).includes("ms"),
		"another sample type has other numbers", await rows.first().innerText());
	await tab(page, "Flame");
	say((await page.locator("#flame .of-type:not([hidden]) .flame-legend").first().innerText()).startsWith("211 in all"), "in the flame graph, too",
		await page.locator("#flame .of-type:not([hidden]) .flame-legend").first().innerText());
	await page.locator("#search").fill("^crypto/");
	say(/^[1-9]\d* matched/.test(await page.locator("#flame .of-type:not([hidden]) .flame-found").innerText()), "the page's search is that of its flame graph");
	await page.locator("#search").fill("");
	await tab(page, "Graph");
	say(await page.locator("#graph .of-type:not([hidden])").innerText() !== "", "the call graph is there, or what draws it");
	if (await page.locator("#graph .of-type:not([hidden]) svg").count()) {
		await page.locator("#graph .of-type:not([hidden]) g.node a", {hasText: "computeTax"}).first().dispatchEvent("click");
		say(await page.locator("#peek h2").innerText() === "main.computeTax", "a click in it leads to callers", await page.locator("#peek h2").innerText());
		await tab(page, "Graph");
	}
	await page.locator("#tabs button[aria-selected=true]").focus();
	await page.keyboard.press("ArrowRight");
	say(await page.locator("#tabs button[aria-selected=true]").innerText() === "Top", "tabs are walked by arrows");
	say(said.length === 0 && requests.length === 1, "the console of the page stays empty, and nothing is loaded", [said, requests]);
	await context.close();
}

async function narrow() {
	for (const colorScheme of ["light", "dark"]) {
		const {context, page, said} = await open("diff.html", {viewport: {width: 400, height: 800}, colorScheme});
		let fit = true;
		for (const name of ["Top", "Flame", "Tree", "Peek", "Source", "Graph"]) {
			await tab(page, name);
			fit &&= await fits(page);
		}
		say((await page.locator("header").innerText()).includes("less those of the base"), "a comparison says what its numbers are");
		say(fit, `at 400 pixels nothing stands out to the right (${colorScheme})`);
		say(said.length === 0, "and the console stays empty", said);
		await context.close();
	}
}

async function heap() {
	const {context, page, said} = await open("heap.html");
	const first = await page.locator("#top tbody tr").first().innerText();
	await page.locator("#type").selectOption({index: 0});
	say(await page.locator("#top tbody tr").first().innerText() !== first, "the types of a heap profile can be switched");
	say(/GB|MB|kB/.test(first), "and bytes are read as such", first);
	say(said.length === 0, "without complaint", said);
	await context.close();
}

async function odd() {
	for (const name of ["hostile", "one", "nothing", "deep", "bare", "odd", "huge", "big"].filter((name) => existsSync(`${folder}/${name}.html`))) {
		const {context, page, said, requests} = await open(`${name}.html`, {viewport: {width: 400, height: 800}});
		let fit = true;
		for (const each of ["Flame", "Tree", "Source", "Graph", "Top"]) {
			await tab(page, each);
			fit &&= await fits(page);
		}
		say(fit, `nothing stands out to the right: ${name}`);
		if (name === "nothing")
			say((await page.locator("#top").innerText()).includes("There are no functions to show."), "a page without functions says so");
		if (await page.locator("#top tbody button").count()) {
			await page.locator("#top tbody button").first().click();
			await page.locator("#peek .actions button").first().click();
		}
		say(await page.locator("img, iframe, [onclick], [onload], script:not(#data)").count() === 1, `no name is markup: ${name}`);
		say(said.length === 0 && requests.length === 1, `nothing runs or is loaded: ${name}`, [said, requests]);
		await context.close();
	}
}

async function scriptless() {
	const {context, page} = await open("cpu.html", {javaScriptEnabled: false});

	say(await page.locator("#top tbody tr").count() > 20 && await page.locator("#flame svg.f").count() > 50 && !await page.locator("#tools").isVisible(),
		"without scripts top and flame graph are there");
	await page.emulateMedia({media: "print"});
	say(await page.locator("#flame .of-type:not([hidden]) svg.frames").isVisible(), "and are printed");
	await context.close();
}

async function picture() {
	const {context, page, said} = await open("cpu.svg");
	say(await page.locator("svg.f").count() > 30 && said.length === 0, "the picture that stands alone is drawn", said);
	await context.close();
}

await run(flame, cpu, narrow, heap, odd, scriptless, picture);
