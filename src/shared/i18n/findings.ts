/** What is wrong with a line, a meter or its wiring, in words. */
import type { Finding, FindingCode } from '../domain/finding.ts';
import type { Advice, InBoth, Language } from './language.ts';
import { meterFaultText } from './meter-faults.ts';

/**
 * A text for every finding: a code without one does not compile. `{name}` takes a parameter of the finding; a part in
 * square brackets is left out when one of its parameters has no value. Without parameters a text still reads well: it is
 * then the heading of a group.
 */
export const FINDING_TEXTS: Readonly<Record<FindingCode, InBoth<Advice>>> = {
  echo: both(
    [
      'Преобразователь возвращает собственные запросы (эхо)[: в {rate} % обменов]',
      'Эхо отбрасывается, опрос идёт; если вместе с ним пропадают ответы, линия работает хуже.',
      'Отключите эхо в преобразователе RS-485; на двухпроводной линии снимите перемычки четырёхпроводного режима.',
    ],
    [
      'The adapter returns our own requests (echo)[: in {rate} % of the exchanges]',
      'The echo is dropped and polling goes on; if answers are lost with it, the line works worse.',
      'Switch the echo of the RS-485 adapter off; on a two-wire line remove the jumpers of the four-wire mode.',
    ],
  ),
  noise: both(
    [
      'На линии посторонние байты (помехи)[: в {rate} % обменов]',
      'Лишние байты отбрасываются, но часть ответов может теряться.',
      'Проверьте заземление экрана в одной точке, согласующие резисторы 120 Ом, смещение линии и соседство с силовыми кабелями.',
    ],
    [
      'Stray bytes on the line (noise)[: in {rate} % of the exchanges]',
      'They are dropped, yet some answers may be lost with them.',
      'Check that the shield is earthed at one end, the 120 ohm terminators, the bias of the line and power cables beside it.',
    ],
  ),
  loss: both(
    [
      'Теряются ответы счётчиков[: {rate} % запросов без ответа]',
      'Запросы повторяются, данные собираются медленнее; профиль счётчики хранят.',
      'Проверьте сеть до шлюза, питание преобразователя и концы линии RS-485; проведите проверку линии.',
    ],
    [
      'Answers of the meters are lost[: {rate} % of the requests without an answer]',
      'Requests are repeated and data come more slowly; the meters keep the profile.',
      'Check the network to the gateway, the power of the adapter and the ends of the RS-485 line; run a line test.',
    ],
  ),
  corruption: both(
    [
      'Ответы приходят с искажениями[: {rate} % ответов]',
      'Искажённый ответ отбрасывается по контрольной сумме, запрос повторяется.',
      'Проверьте согласующие резисторы, экран, длину отводов и общий провод; при большой длине снизьте скорость линии.',
    ],
    [
      'Answers arrive damaged[: {rate} % of them]',
      'A damaged answer is dropped by its checksum and asked for again.',
      'Check the terminators, the shield, the length of the stubs and the common wire; slow a long line down.',
    ],
  ),
  truncation: both(
    [
      'Ответы обрываются[: {rate} % ответов неполны]',
      'Неполный ответ отбрасывается, запрос повторяется; длинные чтения профиля страдают первыми.',
      'Увеличьте в шлюзе межбайтный тайм-аут и размер пакета; проверьте питание преобразователя.',
    ],
    [
      'Answers break off[: {rate} % of them are short]',
      'A short answer is dropped and asked for again; long reads of the profile suffer first.',
      'Raise the inter-byte time-out and the packet size of the gateway; check the power of the adapter.',
    ],
  ),
  'late-replies': both(
    [
      'Ответы приходят после истечения времени ожидания[: {rate} % обменов]',
      'Опоздавший ответ отбрасывается, чтобы не попасть в чужой запрос; опрос замедляется.',
      'Увеличьте время ожидания в адресе линии; проверьте загрузку сети и модема.',
    ],
    [
      'Answers arrive after the time to wait is over[: in {rate} % of the exchanges]',
      'A late answer is dropped, so that it is not taken for the next one; polling slows down.',
      'Raise the wait in the address of the line; check the load of the network and of the modem.',
    ],
  ),
  'foreign-master': both(
    [
      'Линию опрашивает ещё кто-то[: чужих кадров – {frames}]',
      'Запросы сталкиваются, часть ответов теряется; чужая программа может менять настройки счётчиков.',
      'Найдите второй опрашивающий прибор или программу (УСПД, конфигуратор, система сбытовой компании, второй запуск Фидера) и разделите опрос по времени или по линиям.',
    ],
    [
      'Somebody else polls this line[: {frames} foreign frames]',
      'Requests collide and some answers are lost; the other program may change settings of the meters.',
      "Find the second master (data concentrator, configurator, the supplier's system, a second Feeder) and part the polling by time or by lines.",
    ],
  ),
  'gateway-framing': both(
    [
      'Похоже, шлюз работает в режиме Modbus TCP',
      'Кадры счётчиков через него не проходят: счётчики линии не читаются.',
      'Переключите порт шлюза в прозрачный режим (TCP Server, Raw, Transparent) вместо Modbus TCP. Если шлюз только закрывает соединение, он может быть занят другим подключением: отключите его.',
    ],
    [
      'The gateway seems to speak Modbus TCP',
      'Frames of the meters do not pass: no meter of the line can be read.',
      'Switch the port of the gateway to transparent mode (TCP server, raw) in place of Modbus TCP. If it only closes the connection, another client may hold it: close that one.',
    ],
  ),
  'gateway-slow': both(
    [
      'Шлюз отвечает медленно[: первый байт через {ms} мс]',
      'Опрос линии идёт дольше, чем позволяет её скорость; данные не теряются.',
      'Проверьте канал до шлюза и настройку сборки пакета в шлюзе; при связи через GSM это обычная задержка.',
    ],
    [
      'The gateway answers slowly[: first byte after {ms} ms]',
      'Polling takes longer than the speed of the line asks for; nothing is lost.',
      'Check the network to the gateway and its packing delay; over GSM such a delay is usual.',
    ],
  ),
  'gateway-splits': both(
    [
      'Шлюз передаёт ответы частями[: в среднем по {bytes} байт]',
      'Части собираются по длине ответа, данные не теряются.',
      'Ничего делать не нужно; для скорости увеличьте в шлюзе размер пакета и межбайтный тайм-аут.',
    ],
    [
      'The gateway passes answers on in pieces[: of {bytes} bytes on the average]',
      'The pieces are put together by length; nothing is lost.',
      'Nothing has to be done; for speed raise the packet size and the inter-byte time-out of the gateway.',
    ],
  ),
  'gateway-busy': both(
    [
      'Шлюз занят другим подключением[: отказов подряд – {attempts}]',
      'Шлюз принимает одного клиента; счётчики линии не опрашиваются.',
      'Отключите второе подключение (конфигуратор, другая программа опроса) или включите в шлюзе несколько клиентов.',
    ],
    [
      'The gateway serves another connection[: refused {attempts} times in a row]',
      'The gateway takes one client; the meters of the line are not polled.',
      'Close the other connection (configurator, another polling program) or let the gateway take several clients.',
    ],
  ),
  'gateway-frozen': both(
    [
      'Шлюз подключён, но перестал передавать данные[: {minutes} мин]',
      'Соединение есть, а ответов ни от одного счётчика нет, хотя раньше они отвечали.',
      'Перезапустите шлюз по питанию. Если после этого счётчики молчат, проверьте питание линии RS-485 и провода A/B.',
    ],
    [
      'The gateway is connected and passes nothing on[: for {minutes} min]',
      'The connection stands, yet no meter answers, and they answered before.',
      'Restart the gateway by its power. If the meters stay silent, check the supply of the RS-485 line and the wires A/B.',
    ],
  ),
  'wrong-parity': both(
    [
      'Не совпадают скорость или чётность[: на линии задано {setting}]',
      'На каждый запрос приходят байты, но ни один кадр не сходится.',
      'Сверьте скорость и чётность порта или шлюза со счётчиком: обычно 9600-8N1, у старых 230 бывает 2400-8O1; подберите их поиском счётчиков.',
    ],
    [
      'The speed or the parity does not match[: the line is set to {setting}]',
      'Every request brings bytes, and no frame among them is whole.',
      'Compare the speed and parity of the port or gateway with the meter: usually 9600-8N1, old 230 may have 2400-8O1; let the search try them.',
    ],
  ),
  'line-silent': both(
    [
      'Молчит вся линия[: не отвечает ни один из {meters}]',
      'Порт открыт, но ни от одного счётчика нет ни байта.',
      'Проверьте питание приёмопередатчика (5,5–12 В у счётчиков с внешним питанием RS-485), полярность A/B и обрыв у шлюза. При другой скорости или чётности и у зависшего шлюза тишина такая же: сверьте 9600-8N1 и перезапустите шлюз.',
    ],
    [
      'The whole line is silent[: none of {meters} answers]',
      'The port is open, yet not one byte comes from any meter.',
      'Check the power of the transceivers (5.5-12 V for meters with external RS-485 supply), the polarity of A/B and a break near the gateway. Another speed or parity and a frozen gateway are as silent: compare 9600-8N1, restart the gateway.',
    ],
  ),
  'duplicate-address': both(
    [
      'На одном адресе несколько счётчиков[: адрес {address}][, заводские номера {serials}]',
      'Ответы накладываются друг на друга; данным по этому адресу доверять нельзя.',
      'Отключите один из счётчиков от линии и задайте ему другой сетевой адрес.',
    ],
    [
      'Several meters at one address[: {address}][, serials {serials}]',
      'Their answers overlap; data from this address cannot be trusted.',
      'Disconnect one of the meters from the line and give it another network address.',
    ],
  ),
  'zero-only': both(
    [
      'Счётчик отвечает только по адресу 0[: заводской номер {serial}]',
      'По собственному адресу он не отвечает; на линии с несколькими счётчиками его не прочитать.',
      'Оставьте на линии один этот счётчик и запишите ему сетевой адрес.',
    ],
    [
      'The meter answers at address 0 only[: serial {serial}]',
      'It does not answer at an address of its own; on a line with several meters it cannot be read.',
      'Leave this meter alone on the line and give it a network address.',
    ],
  ),
  'meter-flapping': both(
    [
      'Счётчик то отвечает, то пропадает[: за {minutes} мин пропадал {times} раза]',
      'Данные приходят с перерывами; профиль хранится в счётчике и дочитывается.',
      'Проверьте контакт на клеммах RS-485 и питание счётчика; чаще всего это плохой контакт или просадка питания интерфейса.',
    ],
    [
      'The meter comes and goes[: lost {times} times in {minutes} min]',
      'Data come with breaks; the meter keeps the profile and it is read later.',
      'Check the RS-485 terminals and the power of the meter: most often a bad contact or a sagging supply of the interface.',
    ],
  ),
  'repeat-code': both(
    [
      'В счётчике включён режим «повтор кода запроса»[: адрес {address}]',
      'Ответы имеют другой формат, счётчик не читается.',
      'Снимите признак повтора кода в параметрах связи счётчика (конфигуратор, пароль второго уровня).',
    ],
    [
      'The meter repeats the code of the request[: address {address}]',
      'Its answers have another layout and cannot be read.',
      'Switch the repeating of the code off in the link parameters of the meter (configurator, password of level 2).',
    ],
  ),
  'current-without-voltage': both(
    [
      'Ток без напряжения[: фаза {phase}][, {voltage} В при {current} А]',
      'Энергия этой фазы не считается: недоучёт.',
      'Проверьте предохранитель, испытательную коробку и клемму напряжения; сообщите поставщику и сетевой компании.',
    ],
    [
      'Current without voltage[: phase {phase}][, {voltage} V at {current} A]',
      'The energy of this phase is not metered.',
      'Check the fuse, the test block and the voltage terminal; tell the supplier and the network company.',
    ],
  ),
  'phase-reversed': both(
    [
      'Мощность фазы отрицательна[: фаза {phase}][, {power} Вт на вторичной стороне]',
      'Похоже, трансформатор тока включён встречно: её энергия вычитается или, при учёте по модулю, прячется.',
      'Поменяйте местами выводы И1 и И2 этой фазы; у счётчика прямого включения – вход и выход.',
    ],
    [
      'The power of a phase is negative[: phase {phase}][, {power} W on the secondary side]',
      'Its current transformer seems to be reversed: its energy is subtracted or, when phases are summed by modulus, hidden.',
      'Exchange the terminals S1 and S2 of this phase; on a direct meter the line and the load side.',
    ],
  ),
  'phases-crossed': both(
    [
      'Перепутаны фазы[: {phases}]',
      'Напряжение и ток в элементах счётчика от разных фаз: энергия считается неверно или не считается.',
      'Сверьте маркировку токовых цепей и цепей напряжения по схеме; снимите векторную диаграмму до и после.',
    ],
    [
      'Phases are crossed[: {phases}]',
      'Voltage and current of an element belong to different phases: energy is metered wrongly or not at all.',
      'Compare the marks of the current and voltage circuits with the diagram; take a phasor diagram before and after.',
    ],
  ),
  'profile-off': both(
    [
      'Профиль мощности не ведётся',
      'По этой точке есть показания, но нет 30-минутных интервалов.',
      'Если исполнение с профилем, включите его (период 30 минут); если без профиля, интервалы получаются по замороженным показаниям.',
    ],
    [
      'No load profile is kept',
      'The point has registers but no half-hour intervals.',
      'If this version has a profile, switch it on (30 minutes); if not, intervals come from frozen registers.',
    ],
  ),
  'profile-period': both(
    [
      'Период профиля не 30 минут[: задано {minutes} мин]',
      'Для почасового и получасового учёта нужны 30 минут; интервалы другой длины в пакет не попадают.',
      'Задайте период 30 минут; перед записью дочитайте профиль: при смене периода счётчик его стирает.',
    ],
    [
      'The period of the profile is not 30 minutes[: it is {minutes} min]',
      'Hourly and half-hourly accounting needs 30 minutes; intervals of another length do not enter a package.',
      'Set the period to 30 minutes; read the profile out first, for the meter wipes it when the period changes.',
    ],
  ),
  'ring-short': both(
    [
      'Глубина профиля меньше 90 дней[: {days} дн]',
      'Непрочитанные интервалы затираются раньше[: прочитать нужно не позже чем за {days} дн]. Для 230 с памятью 64 Кбайт это обычно.',
      'Не останавливайте опрос дольше этого срока.',
    ],
    [
      'The profile is kept for less than 90 days[: {days} days]',
      'Intervals that were not read are overwritten earlier[: they must be read within {days} days]. Usual for a 230 with 64 KiB.',
      'Do not stop polling for longer than that.',
    ],
  ),
  'season-switching': both(
    [
      'Счётчик сам переводит часы весной и осенью',
      'В России перевода нет: осенью час профиля повторится, весной пропадёт, время интервалов сместится.',
      'Запретите переход на сезонное время.',
    ],
    [
      'The meter moves its clock in spring and autumn',
      'Russia does not: in autumn an hour of the profile repeats, in spring one is lost, and intervals shift.',
      'Forbid the switching of seasons.',
    ],
  ),
  'season-bit-stale': both(
    [
      'Признак сезона в счётчике не соответствует его часам',
      'Часы помечены летним временем, хотя перевод запрещён. Если пояс точки учитывает признак, интервалы смещены на час.',
      'В настройке точки отключите учёт признака сезона; при обслуживании установите часы.',
    ],
    [
      'The season mark of the meter does not fit its clock',
      'The clock is marked as summer though switching is forbidden. Where the point counts the mark, intervals are off by an hour.',
      'Let the point ignore the season mark; set the clock at the next service.',
    ],
  ),
  'clock-zone': both(
    [
      'Часы счётчика идут по другому поясу[: разница {hours} ч]',
      'Это не уход часов, а другая зона: интервалы сместятся на целые часы, если пояс счётчика не указан.',
      'Укажите пояс счётчика в настройке точки или установите часы; до этого проверьте часы компьютера.',
    ],
    [
      'The clock of the meter lives in another time zone[: {hours} h away]',
      'This is no drift: intervals shift by whole hours unless the zone of the meter is given.',
      'Give the zone of the meter in the settings of the point or set its clock; check the clock of the computer first.',
    ],
  ),
  'sums-by-modulus': both(
    [
      'Счётчик суммирует фазы по модулю',
      'Встречно включённый трансформатор тока при этом незаметен в сумме, а отдача учитывается как потребление.',
      'Проверьте знак мощности каждой фазы; на точках с отдачей нужен счётчик с учётом по направлениям.',
    ],
    [
      'The meter sums phases by modulus',
      'A reversed current transformer then does not show in the sum, and export counts as consumption.',
      'Check the sign of the power of each phase; points with export need a meter that counts by direction.',
    ],
  ),
  'ratio-inside': both(
    [
      'В счётчике записаны коэффициенты трансформации[: Ктн {vt}, Ктт {ct}]',
      'Они справочные: счётчик на них не умножает, показания остаются вторичными.',
      'Ничего делать не нужно; сверьте их с паспортом трансформаторов.',
    ],
    [
      'Transformer ratios are programmed in the meter[: VT {vt}, CT {ct}]',
      'They are for reference: the meter does not apply them and its readings stay secondary.',
      'Nothing has to be done; compare them with the plates of the transformers.',
    ],
  ),
  'ratio-differs': both(
    [
      'Коэффициент в счётчике расходится с коэффициентом точки[: в счётчике {inside}, у точки {installed}]',
      'Один из них неверен; если неверен у точки, всё её потребление посчитано с этой ошибкой.',
      'Сверьте таблички ТТ и ТН с паспортом и исправьте коэффициент точки с даты замены трансформаторов.',
    ],
    [
      'The ratio in the meter differs from the ratio of the point[: {inside} in the meter, {installed} at the point]',
      'One of them is wrong; if it is the one of the point, all its consumption carries that error.',
      'Compare the plates of the CT and VT with the papers and correct the ratio of the point from the day of their replacement.',
    ],
  ),
  'battery-low': both(
    [
      'Разряжена батарея счётчика[: {faults}]',
      'Часы и память питаются от неё при отключении: время может сбиться, и профиль разорвётся.',
      'Запланируйте замену батареи или счётчика; до замены следите за расхождением часов.',
    ],
    [
      'The battery of the meter is low[: {faults}]',
      'It feeds the clock during an outage: time may be lost and the profile torn.',
      'Plan to replace the battery or the meter; watch the clock until then.',
    ],
  ),
  'meter-fault': both(
    [
      'Самодиагностика счётчика сообщает о неисправности[: {faults}]',
      'Счётчик сам отметил отказ узла или нарушение контрольной суммы; его показания под сомнением.',
      'Сохраните показания, сообщите поставщику и сетевой компании, сдайте счётчик в ремонт или на внеочередную поверку.',
    ],
    [
      'The self-diagnosis of the meter reports a fault[: {faults}]',
      'The meter itself marked a failed part or a wrong checksum; its readings are in doubt.',
      'Note the registers, tell the supplier and the network company, have the meter repaired or verified.',
    ],
  ),
  'default-password': both(
    [
      'Канал открывается заводским паролем',
      'Любой, кто подключится к линии, может прочитать счётчик, а со вторым уровнем и перенастроить.',
      'Смените пароли обоих уровней и укажите новый пароль в настройке точки.',
    ],
    [
      'The factory password opens the meter',
      'Whoever connects to the line can read it and, with level 2, change its settings.',
      'Change the passwords of both levels and enter the new one in the settings of the point.',
    ],
  ),
  'firmware-old': both(
    [
      'Старая версия ПО счётчика[: {firmware}]',
      'Профиль читается по одной записи: дочитывание долгого перерыва займёт намного больше времени.',
      'Ничего делать не нужно; учитывайте это при планировании опроса длинной линии.',
    ],
    [
      'Old firmware of the meter[: {firmware}]',
      'The profile is read record by record: filling a long gap takes much longer.',
      'Nothing has to be done; allow for it when a long line is planned.',
    ],
  ),
  'address-differs': both(
    [
      'Счётчик называет другой сетевой адрес[: {inside} вместо {asked}]',
      'Он отвечает не по своему адресу: возможно, адрес 0 или преобразователь, подменяющий адрес.',
      'Укажите собственный адрес счётчика в настройке точки.',
    ],
    [
      'The meter names another network address[: {inside} in place of {asked}]',
      'It answers at an address that is not its own: perhaps address 0, or an adapter that changes addresses.',
      'Enter the own address of the meter in the settings of the point.',
    ],
  ),
};

type Params = Finding['params'];

/** A finding in words, its parameters filled in. */
export function findingAdvice(finding: Pick<Finding, 'code' | 'params'>, language: Language): Advice {
  return fillAdvice(FINDING_TEXTS[finding.code][language], finding.params, language);
}

/** The figures of a finding alone, `фаза A, 0,3 В при 2,1 А`: beside a heading that was filled without them. */
export function findingDetail(finding: Pick<Finding, 'code' | 'params'>, language: Language): string | null {
  const parts = [...FINDING_TEXTS[finding.code][language].what.matchAll(/\[[:,] ([^\]]*)\]/g)];
  const filled = parts.map(([, part = '']) => fillPart(`[${part}]`, finding.params, language)).filter((part) => part !== '');
  return filled.length === 0 ? null : filled.join(', ');
}

/** Fills `{name}` in all three parts and leaves out bracketed parts whose parameters have no value. */
export function fillAdvice(advice: Advice, params: Params, language: Language): Advice {
  return {
    what: fillPart(advice.what, params, language),
    means: fillPart(advice.means, params, language),
    todo: fillPart(advice.todo, params, language),
  };
}

function fillPart(text: string, params: Params, language: Language): string {
  const fill = (part: string) => part.replace(/\{(\w+)\}/g, (_, name: string) => valueText(name, params[name] ?? null, language) ?? '');
  return fill(
    text.replace(/\[([^\]]*)\]/g, (_, part: string) =>
      [...part.matchAll(/\{(\w+)\}/g)].every(([, name = '']) => valueText(name, params[name] ?? null, language) !== null) ? part : '',
    ),
  );
}

const PHASES = ['A', 'B', 'C'];

/** Phases by letter, faults by name, numbers with the decimal mark of the language; `null` when there is nothing to show. */
function valueText(name: string, value: string | number | null, language: Language): string | null {
  if (value === null || value === '') return null;
  if (name === 'phase' || name === 'phases') return String(value).replace(/[123]/g, (digit) => PHASES[Number(digit) - 1] ?? digit);
  if (name === 'faults')
    return String(value)
      .split(' ')
      .map((code) => meterFaultText(code, language))
      .join('; ');
  const text = String(value);
  return language === 'ru' && typeof value === 'number' ? text.replace('.', ',').replace('-', '−') : text;
}

type Three = readonly [what: string, means: string, todo: string];

function both(ru: Three, en: Three): InBoth<Advice> {
  return { ru: { what: ru[0], means: ru[1], todo: ru[2] }, en: { what: en[0], means: en[1], todo: en[2] } };
}
