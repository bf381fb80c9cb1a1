/* What tests of pages in a browser share: pages that are opened and watched, sentences that hold or do not.
 *
 * A test is called with BROWSER, a program, and FOLDER, where its pages are.
 */
import {createRequire} from "node:module";
import path from "node:path";
import {pathToFileURL} from "node:url";

const {chromium} = createRequire(import.meta.url)("playwright-core");
const [, , executablePath, ofPages] = process.argv;
/* Nothing here depends on how quick the machine is. */
const timeout = 300000;
/* A container may have no more than 64 MB in /dev/shm, which a large page can fill. */
const browser = await chromium.launch({executablePath, timeout, args: ["--no-sandbox", "--disable-dev-shm-usage"]});
let failed = false;

export const folder = ofPages;

export function say(holds, sentence, why) {
	failed ||= !holds;
	console.log(`${holds ? "ok" : "not ok"} - ${sentence}`);
	if (!holds && why !== undefined)
		console.log(`#   ${JSON.stringify(why)}`);
}

/* A page with what it complained of, and what it asked for beside itself. */
export async function open(name, options = {}) {
	const context = await browser.newContext({viewport: {width: 1400, height: 900}, ...options});
	context.setDefaultTimeout(timeout);
	const page = await context.newPage();
	const said = [], requests = [];
	page.on("console", (message) => said.push(message.text()));
	page.on("pageerror", (error) => said.push(String(error)));
	page.on("dialog", (dialog) => said.push(`dialog ${dialog.message()}`) && dialog.dismiss());
	page.on("request", (request) => requests.push(request.url().split("#")[0]));
	await page.goto(pathToFileURL(path.resolve(folder)) + "/" + name);
	return {context, page, said, requests};
}

/* Nothing stands out to the right. */
export const fits = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

/* Runs the parts of a test, one after the other; the exit status of the program is 1 when a sentence did not hold. */
export async function run(...parts) {
	try {
		for (const part of parts)
			await part();
	} finally {
		await browser.close();
	}
	process.exit(failed ? 1 : 0);
}
