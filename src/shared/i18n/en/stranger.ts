/** Another meter answers in place of a known one. */
export const stranger = {
  stranger: {
    answers_one: 'Another meter answers: {{serial}}. It is read in quarantine since {{since}}, {{count}} interval so far.',
    answers_other: 'Another meter answers: {{serial}}. It is read in quarantine since {{since}}, {{count}} intervals so far.',
    denied: 'It has refused the default password and is not asked any more: give its password with the replacement.',
    isReplacement: 'It is the replacement',
    reject: 'Reject',
    why: 'Why the meter is rejected',
    whyHint: 'a wrong address, a check with a portable meter',
    decide: 'Decide',
  },
};
