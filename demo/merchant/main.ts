/** Starts the page of the shop's own people: it shows at once, the desk loads beside it. */

import { startAnswers } from '../app/answers.ts';
import { startDesk } from '../app/desk.ts';
import { mountShell } from './shell.ts';

startDesk();
void startAnswers();
const root = document.getElementById('app');
if (root) mountShell(root);
