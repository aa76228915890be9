/** What the demo's people say, and what its forum answers: texts of the project's own. */
export const IDEAS: Record<string, string[]> = {
  en: [
    'Publish every public works contract with its price and its changes, so that neighbours can follow the money.',
    'Waiting times of each hospital should be on one page that works on an old phone.',
    'Let us see who meets the minister about mining, before the decision and not after.',
    'School meals: show which company delivers, what it costs and what inspectors found.',
    'Air quality next to the bypass should be measured every day and shown at the bus stop.',
    'Court decisions should be written so that a person without a lawyer understands them.',
  ],
  es: [
    'Que cada ayuntamiento publique sus facturas cada mes, en un archivo que se pueda abrir.',
    'Los turnos del centro de salud deberían pedirse también por mensaje, no solo por teléfono.',
    'Quiero saber qué pasó con la propuesta que hicimos el año pasado sobre el río.',
    'Que las reuniones sobre el presupuesto sean por la tarde, cuando la gente puede ir.',
    'Publicar los resultados de las inspecciones de los comedores escolares.',
    'Que las personas sordas tengan intérprete en las audiencias públicas.',
  ],
  fr: [
    'Publier les subventions de chaque commune, avec le nom de l’association et le montant.',
    'Les enquêtes publiques devraient durer assez longtemps pour les lire.',
    'Montrer l’état des routes et la date prévue des travaux.',
    'Que chaque réponse de l’administration dise qui l’a écrite et comment la contester.',
    'Rendre publics les rapports d’inspection des maisons de retraite.',
    'Un budget participatif aussi pour les petites communes.',
  ],
};

export const ANSWERS: Record<string, string[]> = {
  en: ['If I could see the bill for our street.', 'Audits by people we know, published in a week.'],
  es: ['Ver las facturas de mi barrio.', 'Que alguien de fuera revise las cuentas.'],
  fr: ['Voir la facture de notre rue.', 'Des contrôles faits par des citoyens.'],
};

export const TIMELINE_NOTICE = {
  kind: 'announcement',
  texts: {
    en: 'The new open government plan begins on 1 February 2027. Until 14 March anybody can send ideas here, in their own words.',
    es: 'El nuevo plan de gobierno abierto comienza el 1 de febrero de 2027. Hasta el 14 de marzo puede enviar ideas aquí, con sus palabras.',
    fr: 'Le nouveau plan de gouvernement ouvert commence le 1er février 2027. Jusqu’au 14 mars, chacun peut envoyer ses idées ici, avec ses mots.',
  },
  buttons: [
    { label: { en: 'See all dates', es: 'Ver todas las fechas', fr: 'Voir toutes les dates' }, flow: 'timeline' },
    { label: { en: 'Share an idea', es: 'Compartir una idea', fr: 'Partager une idée' }, flow: 'idea' },
  ],
};

export const QUESTION_NOTICE = {
  kind: 'question',
  texts: {
    en: 'What would make you trust public spending more?',
    es: '¿Qué le haría confiar más en el gasto público?',
    fr: 'Qu’est-ce qui vous donnerait plus confiance dans les dépenses publiques ?',
  },
  buttons: [{ label: { en: 'Answer', es: 'Responder', fr: 'Répondre' }, question: 'trust' }],
};

/** A forum's reasoned responses, one for each decision; every third contribution gets each. */
export const DECISIONS = [
  {
    decision: 'inclusion',
    input: 'We read your words as a wish to see what is decided and what it costs.',
    considered: 'The working group on public money discussed it on 22 March together with similar ideas.',
    influence: 'It became milestone 2 of commitment 1.',
    reason: 'Included: the data exist already and can be published this year.',
    beyond: 'The publication stays after this plan; the forum looks at it every six months.',
  },
  {
    decision: 'amendment',
    input: 'We read your words as a wish for information that people can really use.',
    considered: 'The forum asked the two ministries concerned and weighed cost against use.',
    influence: 'Commitment 3 now begins with five towns instead of the whole country.',
    reason: 'Included with changes: there is money for five towns in the first year.',
    beyond: 'The other towns are foreseen for the second year of the plan.',
  },
  {
    decision: 'rejection',
    input: 'We read your words as a wish to change how decisions are made.',
    considered: 'The forum discussed it on 29 March; both sides voted.',
    influence: 'It did not change this plan.',
    reason: 'Not included: it needs a new law, which this plan cannot make.',
    beyond: 'It has been handed to the parliamentary committee with your reference.',
  },
];
