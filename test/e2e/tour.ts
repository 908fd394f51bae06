/** What an engineer does on an ordinary morning, click by click: the same in the window and in the browser. */
import type { Page } from 'playwright';
import { expect } from 'vitest';

export interface TourExpectations {
  /** A point of the plant whose figures are asked for. */
  readonly pointName: string;
  readonly points: number;
}

/** Through the four screens over a plant whose yesterday is as complete as it can be. Ends on the packages. */
export async function tour(page: Page, { pointName, points }: TourExpectations): Promise<void> {
  await page.getByTestId('nav-overview').click();
  await page.getByText('Мощность сейчас').waitFor();
  await page.getByText(`из ${points}`, { exact: false }).first().waitFor();
  // A few meters of the plant keep no profile: what they did before the first freeze nobody can have.
  await page
    .getByText(/полнота 9\d(,\d)? %/)
    .first()
    .waitFor();
  expect(await page.locator('main canvas').count()).toBeGreaterThan(0);

  await page.getByTestId('nav-live').click();
  const live = page.getByTestId('table-live');
  await live.getByText(/\d,\d/).first().waitFor();
  await live.getByRole('textbox').first().fill(pointName);
  await live.getByRole('link', { name: pointName }).first().waitFor();
  await live.getByRole('link', { name: pointName }).first().click();
  await page.getByText('Мгновенные значения').waitFor();
  await page.getByText('Измерительный комплекс').waitFor();

  await page.getByTestId('nav-consumption').click();
  const tree = page.locator('aside.tree');
  if ((await tree.locator('input[type=checkbox]:checked').count()) === 0) await tree.getByText(pointName, { exact: true }).first().click();
  await page.getByRole('button', { name: 'Раньше' }).first().click();
  const table = page.getByTestId('table-consumption');
  await table.getByText('00:00–00:30').first().waitFor();
  await table.getByRole('button').filter({ hasText: /\d,\d/ }).first().click();
  const why = page.getByRole('dialog');
  await why.getByText('Байты ответа').waitFor();
  // Two rows of hex pairs: the request and the response of the exchange that brought the figure.
  expect((await why.textContent())?.match(/[0-9A-F]{2}(?![a-zа-я])/g)?.length).toBeGreaterThan(30);
  await page.keyboard.press('Escape');
  await why.waitFor({ state: 'hidden' });

  await page.getByTestId('nav-packages').click();
  await page.getByTestId('export-now').click();
  const confirm = page.getByTestId('export-confirm');
  // Rows are missing, and nothing is made of that without a word.
  await page.getByRole('dialog').getByRole('checkbox').waitFor();
  expect(await confirm.isDisabled()).toBe(true);
  await page.getByRole('dialog').getByRole('checkbox').check();
  await confirm.and(page.locator(':enabled')).waitFor();
  await confirm.click();
  await page.getByText('Контрольная сумма').waitFor();
  await page.locator('main').getByText('передан с пропусками', { exact: true }).first().waitFor();
  await page.getByTestId('nav-packages').click();
  await page.getByTestId('table-packages').getByText('передан с пропусками').first().waitFor();
}
