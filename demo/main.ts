/** Starts the shop: the page shows at once, the desk, its answers and the pictures load beside it. */
import { startAnswers } from './app/answers.ts';
import { startDesk } from './app/desk.ts';
import { loadPictures } from './app/pictures.ts';
import { mountShell } from './app/shell.ts';

startDesk();
void startAnswers();
loadPictures().catch((error: unknown) => console.warn(error));
const root = document.getElementById('app');
if (root) mountShell(root);
