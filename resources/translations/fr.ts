<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="fr">
<context>
    <name>Actions</name>
    <message>
        <source>Project</source>
        <translation>Projet</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Édition</translation>
    </message>
    <message>
        <source>Select</source>
        <translation>Sélection</translation>
    </message>
    <message>
        <source>Label</source>
        <translation>Étiquette</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Affichage</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Travaux</translation>
    </message>
    <message>
        <source>Help</source>
        <translation>Aide</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation>Ouvrir la démo</translation>
    </message>
    <message>
        <source>Import products</source>
        <translation>Importer des produits</translation>
    </message>
    <message>
        <source>Export products</source>
        <translation>Exporter les produits</translation>
    </message>
    <message>
        <source>Export selection</source>
        <translation>Exporter la sélection</translation>
    </message>
    <message>
        <source>Save picture of the map</source>
        <translation>Enregistrer l’image de la carte</translation>
    </message>
    <message>
        <source>Close project</source>
        <translation>Fermer le projet</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>Quitter</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Annuler</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>Rétablir</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Show all products</source>
        <translation>Montrer tous les produits</translation>
    </message>
    <message>
        <source>Select all shown</source>
        <translation>Sélectionner tout ce qui est montré</translation>
    </message>
    <message>
        <source>Invert selection</source>
        <translation>Inverser la sélection</translation>
    </message>
    <message>
        <source>Clear selection or proposal</source>
        <translation>Effacer la sélection ou la proposition</translation>
    </message>
    <message>
        <source>Select same category</source>
        <translation>Sélectionner la même catégorie</translation>
    </message>
    <message>
        <source>Select same cluster</source>
        <translation>Sélectionner le même groupe</translation>
    </message>
    <message>
        <source>Grow to neighbours</source>
        <translation>Étendre aux voisins</translation>
    </message>
    <message>
        <source>Apply the proposed relabelling</source>
        <translation>Appliquer le reclassement proposé</translation>
    </message>
    <message>
        <source>Relabel to…</source>
        <translation>Reclasser dans…</translation>
    </message>
    <message>
        <source>Accept suggestion</source>
        <translation>Accepter la suggestion</translation>
    </message>
    <message>
        <source>Reject suggestion</source>
        <translation>Rejeter la suggestion</translation>
    </message>
    <message>
        <source>Flag</source>
        <translation>Signaler</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Note</translation>
    </message>
    <message>
        <source>Skip to next product</source>
        <translation>Passer au produit suivant</translation>
    </message>
    <message>
        <source>Back to previous product</source>
        <translation>Revenir au produit précédent</translation>
    </message>
    <message>
        <source>New category</source>
        <translation>Nouvelle catégorie</translation>
    </message>
    <message>
        <source>Pan</source>
        <translation>Déplacer</translation>
    </message>
    <message>
        <source>Lasso</source>
        <translation>Lasso</translation>
    </message>
    <message>
        <source>Box</source>
        <translation>Rectangle</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>Pinceau</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>Agrandir</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>Réduire</translation>
    </message>
    <message>
        <source>Fit all</source>
        <translation>Tout cadrer</translation>
    </message>
    <message>
        <source>Fit selection</source>
        <translation>Cadrer la sélection</translation>
    </message>
    <message>
        <source>Back to last view</source>
        <translation>Vue précédente</translation>
    </message>
    <message>
        <source>Forward to next view</source>
        <translation>Vue suivante</translation>
    </message>
    <message>
        <source>Left panel</source>
        <translation>Panneau gauche</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
    <message>
        <source>Film strip</source>
        <translation>Pellicule</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>Légende</translation>
    </message>
    <message>
        <source>Selection as table or pictures</source>
        <translation>Sélection en tableau ou en images</translation>
    </message>
    <message>
        <source>Move panels</source>
        <translation>Déplacer les panneaux</translation>
    </message>
    <message>
        <source>Dark or light</source>
        <translation>Sombre ou clair</translation>
    </message>
    <message>
        <source>Larger text</source>
        <translation>Texte plus grand</translation>
    </message>
    <message>
        <source>Smaller text</source>
        <translation>Texte plus petit</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>Faire la carte</translation>
    </message>
    <message>
        <source>Train and suggest</source>
        <translation>Entraîner et suggérer</translation>
    </message>
    <message>
        <source>Cancel work</source>
        <translation>Annuler le travail en cours</translation>
    </message>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
    <message>
        <source>Show the tour</source>
        <translation>Montrer la visite guidée</translation>
    </message>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis</translation>
    </message>
    <message>
        <source>Category key</source>
        <translation>Touche de catégorie</translation>
    </message>
    <message>
        <source>English or French</source>
        <translation>Anglais ou français</translation>
    </message>
    <message>
        <source>Search for a copied picture</source>
        <translation>Chercher une image copiée</translation>
    </message>
</context>
<context>
    <name>AttributeTable</name>
    <message>
        <source>Attributes</source>
        <translation>Attributs</translation>
    </message>
</context>
<context>
    <name>CategoryCommands</name>
    <message>
        <source>Select its products</source>
        <translation>Sélectionner ses produits</translation>
    </message>
    <message>
        <source>Relabel the selection to it</source>
        <translation>Y reclasser la sélection</translation>
    </message>
    <message>
        <source>Rename…</source>
        <translation>Renommer…</translation>
    </message>
    <message>
        <source>New category below…</source>
        <translation>Nouvelle sous-catégorie…</translation>
    </message>
    <message>
        <source>Merge into…</source>
        <translation>Fusionner dans…</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>Supprimer</translation>
    </message>
    <message>
        <source>New name of “{0}”</source>
        <translation>Nouveau nom de « {0} »</translation>
    </message>
    <message>
        <source>Name of the new category</source>
        <translation>Nom de la nouvelle catégorie</translation>
    </message>
    <message>
        <source>Merge into</source>
        <translation>Fusionner dans</translation>
    </message>
    <message>
        <source>Merge “{0}” into…</source>
        <translation>Fusionner « {0} » dans…</translation>
    </message>
    <message>
        <source>merge</source>
        <translation>fusion</translation>
    </message>
</context>
<context>
    <name>Colouring</name>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Confiance</translation>
    </message>
    <message>
        <source>Agreement</source>
        <translation>Accord</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Statut</translation>
    </message>
    <message>
        <source>Brand</source>
        <translation>Marque</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>no category</source>
        <translation>sans catégorie</translation>
    </message>
    <message>
        <source>none</source>
        <translation>aucun</translation>
    </message>
    <message>
        <source>{0:,} others</source>
        <translation>{0:,} autres</translation>
    </message>
</context>
<context>
    <name>CommandPalette</name>
    <message>
        <source>Commands</source>
        <translation>Commandes</translation>
    </message>
</context>
<context>
    <name>CrashDialog</name>
    <message>
        <source>Something went wrong in prodlabel</source>
        <translation>Une erreur s’est produite dans prodlabel</translation>
    </message>
    <message>
        <source>This is a defect of the program. Your labels are safe: each was written when it was made.</source>
        <translation>C’est un défaut du programme. Vos étiquettes sont en sûreté : chacune a été écrite au moment où elle a été posée.</translation>
    </message>
    <message>
        <source>Copy the report</source>
        <translation>Copier le rapport</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>Continuer</translation>
    </message>
    <message>
        <source>Something went wrong</source>
        <translation>Une erreur s’est produite</translation>
    </message>
</context>
<context>
    <name>FacetPanel</name>
    <message>
        <source>Find a value</source>
        <translation>Chercher une valeur</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Valeurs</translation>
    </message>
</context>
<context>
    <name>FilmStrip</name>
    <message>
        <source>Selected products, least typical first</source>
        <translation>Produits sélectionnés, les moins typiques d’abord</translation>
    </message>
    <message>
        <source>Selected products as a table</source>
        <translation>Produits sélectionnés en tableau</translation>
    </message>
    <message>
        <source>Selection</source>
        <translation>Sélection</translation>
    </message>
    <message>
        <source>Found</source>
        <translation>Trouvés</translation>
    </message>
    <message>
        <source>· {0:,} · least typical first</source>
        <translation>· {0:,} · les moins typiques d’abord</translation>
    </message>
    <message>
        <source>Nothing is selected. Draw around some points with the lasso (Q), or search (/).</source>
        <translation>Rien n’est sélectionné. Entourez des points avec le lasso (Q), ou cherchez (/).</translation>
    </message>
    <message>
        <source>No product fits the filter. Ctrl+Backspace shows all products again.</source>
        <translation>Aucun produit ne répond au filtre. Ctrl+Retour arrière montre de nouveau tous les produits.</translation>
    </message>
    <message>
        <source>pictures</source>
        <translation>images</translation>
    </message>
    <message>
        <source>table</source>
        <translation>tableau</translation>
    </message>
    <message>
        <source>product {id}, {category}</source>
        <translation>produit {id}, {category}</translation>
    </message>
</context>
<context>
    <name>HistoryPanel</name>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
    <message>
        <source>Press Enter on a line to go back to that point</source>
        <translation>Appuyez sur Entrée sur une ligne pour revenir à ce point</translation>
    </message>
</context>
<context>
    <name>Inspector</name>
    <message>
        <source>Nearest products</source>
        <translation>Produits les plus proches</translation>
    </message>
    <message>
        <source>Because of {0}.</source>
        <translation>À cause de {0}.</translation>
    </message>
    <message>
        <source>{0} of the {1} nearest products agree.</source>
        <translation>{0} des {1} produits les plus proches concordent.</translation>
    </message>
    <message>
        <source>Text {0} %, picture {1} %.</source>
        <translation>Texte {0} %, image {1} %.</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Nearest</source>
        <translation>Les plus proches</translation>
    </message>
    <message>
        <source>Click a product on the map, or step through the
film strip with the arrows.</source>
        <translation>Cliquez sur un produit de la carte, ou parcourez
la pellicule avec les flèches.</translation>
    </message>
</context>
<context>
    <name>LabelHistory</name>
    <message>
        <source>Label</source>
        <translation>Étiquette</translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message>
        <source>Legend</source>
        <translation>Légende</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>Map</source>
        <translation>Carte</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Catégories</translation>
    </message>
    <message>
        <source>Inspector</source>
        <translation>Inspecteur</translation>
    </message>
    <message>
        <source>Film strip</source>
        <translation>Pellicule</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Historique</translation>
    </message>
</context>
<context>
    <name>MapPane</name>
    <message>
        <source>Colour by</source>
        <translation>Couleur selon</translation>
    </message>
    <message>
        <source>Map of</source>
        <translation>Carte de</translation>
    </message>
    <message>
        <source>No products yet</source>
        <translation>Pas encore de produits</translation>
    </message>
    <message>
        <source>No map yet</source>
        <translation>Pas encore de carte</translation>
    </message>
    <message>
        <source>Import a table or a folder of pictures: Ctrl+I, or drop it here.</source>
        <translation>Importez un tableau ou un dossier d’images : Ctrl+I, ou déposez-le ici.</translation>
    </message>
    <message>
        <source>Texts and pictures are read once; then every product has its place.</source>
        <translation>Textes et images sont lus une fois ; ensuite chaque produit a sa place.</translation>
    </message>
    <message>
        <source>Import products</source>
        <translation>Importer des produits</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>Faire la carte</translation>
    </message>
    <message>
        <source>Text and picture</source>
        <translation>Texte et image</translation>
    </message>
    <message>
        <source>Text</source>
        <translation>Texte</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
</context>
<context>
    <name>MapView</name>
    <message>
        <source>Map of products</source>
        <translation>Carte des produits</translation>
    </message>
    <message>
        <source>Arrows pan, plus and minus zoom, 0 shows all, Shift and arrows go between products.</source>
        <translation>Les flèches déplacent, plus et moins agrandissent et réduisent, 0 montre tout, Maj et les flèches vont d’un produit à l’autre.</translation>
    </message>
</context>
<context>
    <name>MessageBar</name>
    <message>
        <source>Close message</source>
        <translation>Fermer le message</translation>
    </message>
</context>
<context>
    <name>PictureView</name>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>No picture</source>
        <translation>Pas d’image</translation>
    </message>
</context>
<context>
    <name>ProductTableModel</name>
    <message>
        <source>Name</source>
        <translation>Nom</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Catégorie</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>Confiance</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Statut</translation>
    </message>
    <message>
        <source>Brand</source>
        <translation>Marque</translation>
    </message>
</context>
<context>
    <name>RelabelCard</name>
    <message>
        <source>show</source>
        <translation>montrer</translation>
    </message>
    <message>
        <source>include</source>
        <translation>inclure</translation>
    </message>
    <message>
        <source>cancel</source>
        <translation>annuler</translation>
    </message>
    <message>
        <source>{0:,} selected</source>
        <translation>{0:,} sélectionnés</translation>
    </message>
    <message>
        <source>+ {0} more</source>
        <translation>+ {0} autres</translation>
    </message>
    <message>
        <source>Relabel {0:,}</source>
        <translation>Reclasser {0:,}</translation>
    </message>
    <message>
        <source>Confirm {0:,}</source>
        <translation>Confirmer {0:,}</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>Rien à faire</translation>
    </message>
    <message>
        <source>{0:,} left out: confirmed by a person as {1}.</source>
        <translation>{0:,} laissés de côté : confirmés par une personne comme {1}.</translation>
    </message>
    <message>
        <source>{0:,} left out: unlike the others.</source>
        <translation>{0:,} laissés de côté : différents des autres.</translation>
    </message>
    <message>
        <source>{0:,} have it already and become confirmed.</source>
        <translation>{0:,} l’ont déjà et deviennent confirmés.</translation>
    </message>
    <message>
        <source>{0:,} stay as they are.</source>
        <translation>{0:,} restent tels quels.</translation>
    </message>
    <message>
        <source>One step in the history; Ctrl+Z takes it back.</source>
        <translation>Une étape dans l’historique ; Ctrl+Z l’annule.</translation>
    </message>
    <message>
        <source>{0} and others</source>
        <translation>{0} et autres</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search</source>
        <translation>Rechercher</translation>
    </message>
    <message>
        <source>Search words, ~ meaning, category:… brand:…</source>
        <translation>Chercher des mots, ~ un sens, category:… brand:…</translation>
    </message>
    <message>
        <source>pasted picture</source>
        <translation>image collée</translation>
    </message>
</context>
<context>
    <name>Session</name>
    <message>
        <source>no category</source>
        <translation>sans catégorie</translation>
    </message>
</context>
<context>
    <name>ShortcutSheet</name>
    <message>
        <source>Shortcuts</source>
        <translation>Raccourcis</translation>
    </message>
    <message>
        <source>Click a key to change it; Backspace takes it away. Esc closes.</source>
        <translation>Cliquez sur une touche pour la changer ; Retour arrière l’enlève. Échap ferme.</translation>
    </message>
    <message>
        <source>1 … 9, 0: propose a category for the selection</source>
        <translation>1 … 9, 0 : proposer une catégorie pour la sélection</translation>
    </message>
    <message>
        <source>no key</source>
        <translation>aucune touche</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Find a category</source>
        <translation>Chercher une catégorie</translation>
    </message>
    <message>
        <source>No categories yet. Import products or make one.</source>
        <translation>Pas encore de catégories. Importez des produits ou créez-en une.</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Statut</translation>
    </message>
    <message>
        <source>Suggestion</source>
        <translation>Suggestion</translation>
    </message>
    <message>
        <source>Brand</source>
        <translation>Marque</translation>
    </message>
    <message>
        <source>Cluster</source>
        <translation>Groupe</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Source</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>Image</translation>
    </message>
    <message>
        <source>Probably wrong</source>
        <translation>Probablement faux</translation>
    </message>
    <message>
        <source>Text and picture disagree</source>
        <translation>Texte et image se contredisent</translation>
    </message>
    <message>
        <source>Same article twice</source>
        <translation>Même article deux fois</translation>
    </message>
    <message>
        <source>Categories</source>
        <translation>Catégories</translation>
    </message>
    <message>
        <source>New category</source>
        <translation>Nouvelle catégorie</translation>
    </message>
    <message>
        <source>Narrow down</source>
        <translation>Restreindre</translation>
    </message>
    <message>
        <source>Worth a look</source>
        <translation>À regarder</translation>
    </message>
    <message>
        <source>{0:,} of {1:,}</source>
        <translation>{0:,} sur {1:,}</translation>
    </message>
</context>
<context>
    <name>StartPage</name>
    <message>
        <source>See a catalogue as one map, find what is filed wrongly, relabel it in a stroke.</source>
        <translation>Voir un catalogue comme une carte, trouver ce qui est mal classé, le reclasser d’un trait.</translation>
    </message>
    <message>
        <source>Recent</source>
        <translation>Récents</translation>
    </message>
    <message>
        <source>Recent projects</source>
        <translation>Projets récents</translation>
    </message>
    <message>
        <source>No project yet. The demo shows in two minutes what can be done.</source>
        <translation>Pas encore de projet. La démo montre en deux minutes ce qu’on peut faire.</translation>
    </message>
    <message>
        <source>Or drop a project, a table or a folder of pictures here.</source>
        <translation>Ou déposez ici un projet, un tableau ou un dossier d’images.</translation>
    </message>
    <message>
        <source>Open…</source>
        <translation>Ouvrir…</translation>
    </message>
    <message>
        <source>New…</source>
        <translation>Nouveau…</translation>
    </message>
    <message>
        <source>Import a catalogue…</source>
        <translation>Importer un catalogue…</translation>
    </message>
    <message>
        <source>Open the demo</source>
        <translation>Ouvrir la démo</translation>
    </message>
</context>
<context>
    <name>StatusBar</name>
    <message>
        <source>cancel</source>
        <translation>annuler</translation>
    </message>
    <message>
        <source>Undo: {0}</source>
        <translation>Annuler : {0}</translation>
    </message>
    <message>
        <source>{0:,} shown</source>
        <translation>{0:,} montrés</translation>
    </message>
    <message>
        <source>{0:,} selected</source>
        <translation>{0:,} sélectionnés</translation>
    </message>
    <message>
        <source>Classifier {0}</source>
        <translation>Classifieur {0}</translation>
    </message>
    <message>
        <source>just now</source>
        <translation>à l’instant</translation>
    </message>
    <message>
        <source>{0:.0f} min ago</source>
        <translation>il y a {0:.0f} min</translation>
    </message>
    <message>
        <source>{0:.0f} h ago</source>
        <translation>il y a {0:.0f} h</translation>
    </message>
    <message>
        <source>{0:.0f} days ago</source>
        <translation>il y a {0:.0f} jours</translation>
    </message>
    <message>
        <source> (and {0} more)</source>
        <translation> (et {0} autres)</translation>
    </message>
    <message>
        <source>{0:,} of {1:,}</source>
        <translation>{0:,} sur {1:,}</translation>
    </message>
    <message>
        <source>{0:.0f} s left</source>
        <translation>encore {0:.0f} s</translation>
    </message>
    <message>
        <source>{0:.0f} min left</source>
        <translation>encore {0:.0f} min</translation>
    </message>
</context>
<context>
    <name>SuggestionBar</name>
    <message>
        <source>{0}, {1} percent</source>
        <translation>{0}, {1} pour cent</translation>
    </message>
    <message>
        <source>Relabel to {0}</source>
        <translation>Reclasser dans {0}</translation>
    </message>
</context>
<context>
    <name>TaxonomyModel</name>
    <message>
        <source>{name}, {count} products</source>
        <translation>{name}, {count} produits</translation>
    </message>
</context>
<context>
    <name>TaxonomyTree</name>
    <message>
        <source>Categories</source>
        <translation>Catégories</translation>
    </message>
</context>
<context>
    <name>TopBar</name>
    <message>
        <source>Menu</source>
        <translation>Menu</translation>
    </message>
    <message>
        <source>{0} · {1:,} products</source>
        <translation>{0} · {1:,} produits</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Back</source>
        <translation>Retour</translation>
    </message>
    <message>
        <source>Close the tour</source>
        <translation>Fermer la visite</translation>
    </message>
    <message>
        <source>Every point is a product</source>
        <translation>Chaque point est un produit</translation>
    </message>
    <message>
        <source>What is alike lies together. The wheel zooms, dragging moves the map, a click shows the product at the right.</source>
        <translation>Ce qui se ressemble est ensemble. La molette agrandit, glisser déplace la carte, un clic montre le produit à droite.</translation>
    </message>
    <message>
        <source>Draw around what belongs together</source>
        <translation>Entourez ce qui va ensemble</translation>
    </message>
    <message>
        <source>{0} is the lasso. Shift adds to the selection, Ctrl takes away.</source>
        <translation>{0} est le lasso. Maj ajoute à la sélection, Ctrl en retire.</translation>
    </message>
    <message>
        <source>One key says what it is</source>
        <translation>Une touche dit ce que c’est</translation>
    </message>
    <message>
        <source>A digit proposes a category for the selection and shows what will change; {0} applies it, {1} takes it back.</source>
        <translation>Un chiffre propose une catégorie pour la sélection et montre ce qui changera ; {0} l’applique, {1} l’annule.</translation>
    </message>
    <message>
        <source>Start with what is probably wrong</source>
        <translation>Commencez par ce qui est probablement faux</translation>
    </message>
    <message>
        <source>The list at the left counts what is worth a look. {0} accepts the suggestion for a product, {1} rejects it; {2} searches.</source>
        <translation>La liste à gauche compte ce qui mérite un regard. {0} accepte la suggestion pour un produit, {1} la rejette ; {2} cherche.</translation>
    </message>
    <message>
        <source>Everything has a name</source>
        <translation>Tout a un nom</translation>
    </message>
    <message>
        <source>{0} finds every command, {1} shows all keys.</source>
        <translation>{0} trouve chaque commande, {1} montre toutes les touches.</translation>
    </message>
    <message>
        <source>{0} of {1}</source>
        <translation>{0} sur {1}</translation>
    </message>
    <message>
        <source>Begin</source>
        <translation>Commencer</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>Suivant</translation>
    </message>
</context>
<context>
    <name>WindowActions</name>
    <message>
        <source>Reading texts</source>
        <translation>Lecture des textes</translation>
    </message>
    <message>
        <source>New project</source>
        <translation>Nouveau projet</translation>
    </message>
    <message>
        <source>Open project</source>
        <translation>Ouvrir un projet</translation>
    </message>
    <message>
        <source>Catalogues (*.csv *.tsv *.txt *.xlsx *.json *.jsonl *.parquet);;All files (*)</source>
        <translation>Catalogues (*.csv *.tsv *.txt *.xlsx *.json *.jsonl *.parquet);;Tous les fichiers (*)</translation>
    </message>
    <message>
        <source>Import a catalogue</source>
        <translation>Importer un catalogue</translation>
    </message>
    <message>
        <source>Picture (*.png);;Drawing (*.svg)</source>
        <translation>Image (*.png);;Dessin (*.svg)</translation>
    </message>
    <message>
        <source>Save picture of the map</source>
        <translation>Enregistrer l’image de la carte</translation>
    </message>
    <message>
        <source>Table (*.csv);;Lines of JSON (*.jsonl);;Parquet (*.parquet)</source>
        <translation>Tableau (*.csv);;Lignes JSON (*.jsonl);;Parquet (*.parquet)</translation>
    </message>
    <message>
        <source>Export products</source>
        <translation>Exporter les produits</translation>
    </message>
    <message>
        <source>Relabel to</source>
        <translation>Reclasser dans</translation>
    </message>
    <message>
        <source>Relabel to… type the first letters</source>
        <translation>Reclasser dans… tapez les premières lettres</translation>
    </message>
    <message>
        <source>Note for the history of this product</source>
        <translation>Note pour l’historique de ce produit</translation>
    </message>
    <message>
        <source>Type what you want to do</source>
        <translation>Tapez ce que vous voulez faire</translation>
    </message>
    <message>
        <source>The language changes when prodlabel is started again.</source>
        <translation>La langue change au prochain démarrage de prodlabel.</translation>
    </message>
    <message>
        <source>There is no picture on the clipboard.</source>
        <translation>Il n’y a pas d’image dans le presse-papiers.</translation>
    </message>
</context>
<context>
    <name>Work</name>
    <message>
        <source>{0:,} products are new, {1:,} changed.</source>
        <translation>{0:,} produits nouveaux, {1:,} modifiés.</translation>
    </message>
    <message>
        <source>{0} {1:,} remarks: {2}</source>
        <translation>{0} {1:,} remarques : {2}</translation>
    </message>
    <message>
        <source>Make the map</source>
        <translation>Faire la carte</translation>
    </message>
    <message>
        <source>Importing</source>
        <translation>Importation</translation>
    </message>
    <message>
        <source>Looking at pictures</source>
        <translation>Examen des images</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>Entraîner</translation>
    </message>
    <message>
        <source>The map is ready.</source>
        <translation>La carte est prête.</translation>
    </message>
    <message>
        <source>Making the map</source>
        <translation>Création de la carte</translation>
    </message>
    <message>
        <source>Suggestions are ready.</source>
        <translation>Les suggestions sont prêtes.</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>Entraînement</translation>
    </message>
    <message>
        <source>{0:,} products were written to {1}.</source>
        <translation>{0:,} produits ont été écrits dans {1}.</translation>
    </message>
    <message>
        <source>Exporting</source>
        <translation>Exportation</translation>
    </message>
    <message>
        <source>The map was saved as {0}.</source>
        <translation>La carte a été enregistrée sous {0}.</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>Ouvrir le dossier</translation>
    </message>
    <message>
        <source>Drawing the demo</source>
        <translation>Dessin de la démo</translation>
    </message>
</context>
<context>
    <name>Workplace</name>
    <message>
        <source>Nothing is selected. Select products first, then press the key.</source>
        <translation>Rien n’est sélectionné. Sélectionnez d’abord des produits, puis appuyez sur la touche.</translation>
    </message>
    <message>
        <source>There is nothing to undo.</source>
        <translation>Il n’y a rien à annuler.</translation>
    </message>
    <message>
        <source>Undone: {0}</source>
        <translation>Annulé : {0}</translation>
    </message>
    <message>
        <source>There is nothing to redo.</source>
        <translation>Il n’y a rien à rétablir.</translation>
    </message>
    <message>
        <source>Done again: {0}</source>
        <translation>Rétabli : {0}</translation>
    </message>
    <message>
        <source>accept</source>
        <translation>accepter</translation>
    </message>
    <message>
        <source>reject</source>
        <translation>rejeter</translation>
    </message>
    <message>
        <source>skip</source>
        <translation>passer</translation>
    </message>
    <message>
        <source>all keys</source>
        <translation>toutes les touches</translation>
    </message>
    <message>
        <source>category</source>
        <translation>catégorie</translation>
    </message>
    <message>
        <source>There is no suggestion for this product.</source>
        <translation>Il n’y a pas de suggestion pour ce produit.</translation>
    </message>
</context>
</TS>
