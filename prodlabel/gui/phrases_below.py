"""What the layers below the window say to a curator: reasons of queues, errors, remarks on what comes in.

Invariant: each line is word for word what the code below says, with places for what it fills in; a test
compares the two.
"""

from __future__ import annotations

from prodlabel.gui.actions import QT_TRANSLATE_NOOP

QUEUES_SAID = (
    QT_TRANSLATE_NOOP("Phrases", "Has no text to speak of."),
    QT_TRANSLATE_NOOP("Phrases", "Its picture cannot be read."),
    QT_TRANSLATE_NOOP(
        "Phrases", "Its picture is shared by products that have nothing in common: a placeholder?"
    ),
    QT_TRANSLATE_NOOP("Phrases", "Its text is foreign or garbled beside the others."),
    QT_TRANSLATE_NOOP("Phrases", "Has no picture, while most products have one."),
    QT_TRANSLATE_NOOP("Phrases", "Is like no other product: {0} to the nearest ones."),
    QT_TRANSLATE_NOOP("Phrases", "Is new."),
    QT_TRANSLATE_NOOP("Phrases", "Is new; suggested is {0} ({1})."),
    QT_TRANSLATE_NOOP("Phrases", "Was drawn at random, to tell how many labels are right."),
    QT_TRANSLATE_NOOP("Phrases", "You decided this one before; what you said is not shown."),
    QT_TRANSLATE_NOOP("Phrases", "Was flagged for a second look."),
    QT_TRANSLATE_NOOP("Phrases", "The text says {0} ({1}), the picture {2} ({3}): is it the right picture?"),
    QT_TRANSLATE_NOOP("Phrases", "{0} said {1}, the label is {2}."),
    QT_TRANSLATE_NOOP("Phrases", "Looks like the first product of its batch, and is suggested alike: {0}."),
    QT_TRANSLATE_NOOP("Phrases", "Stands for a group of products of which none has a label."),
    QT_TRANSLATE_NOOP("Phrases", "Has no label."),
    QT_TRANSLATE_NOOP("Phrases", "Between {0} and {1}: its label tells them apart."),
    QT_TRANSLATE_NOOP("Phrases", "{0} ({1}) fits better than {2}; none of the nearest products is {3}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} ({1}) fits better than {2}; {3} of the nearest products are {4}."),
    QT_TRANSLATE_NOOP("Phrases", "Stop when five in a row are as they should be."),
    QT_TRANSLATE_NOOP("Phrases", "Stop where the suggestions are sure."),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} tell the share of wrong labels to within about 3 points; fewer tell less."
    ),
    QT_TRANSLATE_NOOP("Phrases", "Stop at the end: it is short."),
    QT_TRANSLATE_NOOP("Phrases", "Stop at the end."),
    QT_TRANSLATE_NOOP("Phrases", "Stop when pictures and texts match."),
    QT_TRANSLATE_NOOP("Phrases", "Stop at the end: each is a question between people."),
    QT_TRANSLATE_NOOP("Phrases", "Stop when the suggestions of what is left are sure enough."),
    QT_TRANSLATE_NOOP("Phrases", "Stop when twenty in a row were right as they were."),
)
"""Why a product stands in a queue, and when to stop."""

FORECASTS = (
    QT_TRANSLATE_NOOP(
        "Phrases", "More labels alone will not bring a macro-F1 of {0}: the curve flattens below it."
    ),
    QT_TRANSLATE_NOOP("Phrases", "A macro-F1 of {0} is reached with the labels there are ({1})."),
    QT_TRANSLATE_NOOP("Phrases", "About {0} more labels for a macro-F1 of {1} (90 %: {2} or far more)."),
    QT_TRANSLATE_NOOP("Phrases", "About {0} more labels for a macro-F1 of {1} (90 %: {2} to {3})."),
)
"""What more labels would bring."""

ERRORS = (
    QT_TRANSLATE_NOOP("Phrases", "{0} exists already. Open it, or choose another name."),
    QT_TRANSLATE_NOOP("Phrases", "{0} exists already. Choose another name or open the project."),
    QT_TRANSLATE_NOOP("Phrases", "There is no project at {0}. Make one with `prodlabel new`."),
    QT_TRANSLATE_NOOP("Phrases", "The project names a file outside of itself ({0}). Do not use it."),
    QT_TRANSLATE_NOOP(
        "Phrases", "What the project says of a result is damaged ({0}). Run `prodlabel check --repair`."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} in {1} is a link to a place outside. Remove it, or put what it leads to in its place, and open the project again.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} in {1} is neither a file nor a folder. Remove it and open the project again.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} is damaged ({1}). Restore one of the backups in {2}, or rescue what is whole with `prodlabel check --repair`.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} is not the database that prodlabel wrote. Restore one of the backups in {1}, or rescue what is whole with `prodlabel check --repair`.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} was not made by prodlabel. Open another folder."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is not a prodlabel project. Open another folder."),
    QT_TRANSLATE_NOOP("Phrases", "{0} does not say its version. Restore a backup."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "The project was written by a newer prodlabel (format {0}, this one knows {1}). Update prodlabel and open it again.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "The project has an older format. Open it once for writing to bring it up to date."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "The project is open for reading only. Close it elsewhere and open it again."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} holds a {1} “{2}” that prodlabel did not write. Do not use this project, or restore a backup of it.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} is in use by another program. Close it there and try again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read or written ({1}). Free some space and try again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be written ({1}). Check the folder's permissions."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} is gone: moved, removed, or on a disk that is no longer there. Bring it back; until then nothing can be changed.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "The disk of {0} cannot lock files, so two programs could write at once. Copy the project to a local disk.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "The project's format is not one that prodlabel ever had ({0}). Restore a backup of it."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "The thumbnails in {0} cannot be used ({1}). Check that the disk is not full, the folder can be written and no other program holds it.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} is not what prodlabel wrote. Take the file from a backup, or delete it and repeat the step that made it.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} is damaged ({1}). Restore the newest backup that is whole."),
    QT_TRANSLATE_NOOP(
        "Phrases", "There is no {0} to make a backup of. Check that the project was not moved."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} could not be copied ({1}). {2} and try again."),
    QT_TRANSLATE_NOOP(
        "Phrases", "The backup does not hold what the project holds. Check the disk, then try again."
    ),
    QT_TRANSLATE_NOOP("Phrases", "There is a backup {0} already. Try again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is no backup of this project. Choose one from the list."),
    QT_TRANSLATE_NOOP("Phrases", "The present state could not be kept, so nothing was changed. {0}"),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} is too damaged to be rescued and there is no whole backup in {1}. Ask for a copy from wherever your disk is backed up.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "Nothing of {0} can be read and there is no whole backup in {1}. Ask for a copy from wherever your disk is backed up.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "Another process is writing the vectors of {0}. Wait until it has finished, or cancel it there.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "A part of the work was ended from outside, perhaps for want of memory. What was done is kept: close other programs and start again.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "A category needs a name. Type one."),
    QT_TRANSLATE_NOOP("Phrases", "“{0}” is there already. Choose another name."),
    QT_TRANSLATE_NOOP("Phrases", "“{0}” cannot lie below itself. Choose another place for it."),
    QT_TRANSLATE_NOOP("Phrases", "Another “{0}” is there already. Merge the two or choose another name."),
    QT_TRANSLATE_NOOP("Phrases", "“{0}” has categories below it. Move or remove them first."),
    QT_TRANSLATE_NOOP("Phrases", "“{0}” still has {1} products. Relabel them first."),
    QT_TRANSLATE_NOOP("Phrases", "“{0}”: a category's name cannot hold “>”, which separates levels."),
    QT_TRANSLATE_NOOP("Phrases", "There is no category number {0}. Look at the taxonomy again."),
    QT_TRANSLATE_NOOP("Phrases", "There is no product number {0} in this project. Look at the list again."),
    QT_TRANSLATE_NOOP("Phrases", "The project has no products yet. Run `prodlabel import` first."),
    QT_TRANSLATE_NOOP("Phrases", "No product has a vector yet. Encode texts or pictures first."),
    QT_TRANSLATE_NOOP("Phrases", "There is no product to lay out. Import a catalogue first."),
    QT_TRANSLATE_NOOP(
        "Phrases", "No product has a category yet. Label some, or import a catalogue with categories."
    ),
    QT_TRANSLATE_NOOP("Phrases", "There are products without a suggestion. Run `prodlabel suggest` first."),
    QT_TRANSLATE_NOOP(
        "Phrases", "The labels have changed too much since this version was trained. Run `prodlabel train`."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "There are no two categories to choose from yet. Make some, or import them."
    ),
    QT_TRANSLATE_NOOP("Phrases", "No text has a vector yet. Run `prodlabel encode` first."),
    QT_TRANSLATE_NOOP(
        "Phrases", "Nothing is encoded yet that this map could show. Run `prodlabel encode` first."
    ),
    QT_TRANSLATE_NOOP("Phrases", "The {0} are not encoded yet. Make the map first."),
    QT_TRANSLATE_NOOP("Phrases", "There is no trained classifier yet. Run `prodlabel train` first."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "Fewer than two categories have products: there is nothing to tell apart. Label a few products.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "A network looks at pictures, and none is encoded. Run `prodlabel encode` first."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "Joint fusion needs texts, and none is encoded. Run `prodlabel encode` first."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "A network needs two categories or more with at least two products each. Label a few more."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "The vectors of this project were brought along, and nothing new can be turned into such. Search by words, or go back to prodlabel's own with `prodlabel encode --use`.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "The classifier in {0} cannot be read ({1}). Train it again."),
    QT_TRANSLATE_NOOP(
        "Phrases", "The classifier in {0} is of a format that this version does not know. Train it again."
    ),
    QT_TRANSLATE_NOOP("Phrases", "Versions {0} and {1} suggest at different levels. Compare others."),
    QT_TRANSLATE_NOOP("Phrases", "{0} does not exist. Check the path."),
    QT_TRANSLATE_NOOP("Phrases", "{0} does not exist."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be written ({1}). Choose another file."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be written ({1}). Choose another folder."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be written ({1}). Check place and rights."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is there already and not empty. Choose a new folder."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be made ({1}). Choose another place."),
    QT_TRANSLATE_NOOP("Phrases", "The ending of {0} does not say which format is meant. Choose among {1}."),
    QT_TRANSLATE_NOOP(
        "Phrases", "A spreadsheet holds at most 1,048,576 rows. Export as CSV or Parquet instead."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read ({1}). Check path and rights."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read ({1}). Check the path and its rights."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read ({1}). Check its rights."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is of no kind that can be imported. Choose one of these: {1}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is no folder. Choose a folder that holds pictures."),
    QT_TRANSLATE_NOOP("Phrases", "The folder cannot be listed: {0}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds no products. Choose a file with records that have named fields."),
    QT_TRANSLATE_NOOP("Phrases", "{0} has more than {1} different fields. Choose a table of products."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds no rows. Choose a file with products."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is empty. Choose a file with a line of column names and products."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is not a text table, whatever its name says. Export it as CSV first."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot stand between fields. Give one character, such as ; or a tab."),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} holds bytes that are no text. Choose a CSV or TSV, or say its encoding."
    ),
    QT_TRANSLATE_NOOP("Phrases", "No encoding is called {0}. Try utf-8 or cp1252."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds no list of objects. Choose a JSON file with a list of products."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read as Parquet ({1}). Write it anew."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds no columns of texts. Choose a table of products."),
    QT_TRANSLATE_NOOP("Phrases", "{0} has several tables. Name one of: {1}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds no tables. Choose another file."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read as an SQLite database ({1}). Save it anew."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read as an SQLite database ({1}). Choose another file."),
    QT_TRANSLATE_NOOP("Phrases", "{0} has no sheet {1}. It has: {2}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is damaged ({1}). Open and save it again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is no workbook that can be read. Save it anew as XLSX."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds a part of {1} bytes. Export it as CSV."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds neither a table nor pictures. Choose another file."),
    QT_TRANSLATE_NOOP("Phrases", "{0} in {1} is damaged ({2}). Fetch the archive again."),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} is no archive that can be opened ({1}). Choose another, or save it anew."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds more than {1} files. Pack fewer into one archive."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} unpacks to more than {1} times its size. No dump does: fetch it again.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} would unpack to {1} bytes, more than 2 GB or {2} times what is packed. Unpack it yourself if you trust it, and choose the folder.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} declares a document type, which could make it expand without end. Remove the <!DOCTYPE ...> from it.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "The table has no column named {0}. Choose among its columns: {1}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds no metadata.csv or metadata.jsonl. Choose the dataset's folder."),
    QT_TRANSLATE_NOOP("Phrases", "{0} has no column file_name. Add one that names each picture."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is empty. Fetch it again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} has no pixels. Fetch or save it again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is damaged and cannot be decoded. Fetch or save it again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is larger than {1} MB. Save it smaller."),
    QT_TRANSLATE_NOOP("Phrases", "{0} does not fit into memory. Save it smaller."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is animated; its first frame is used."),
    QT_TRANSLATE_NOOP("Phrases", "{0} has print colours; they were converted."),
    QT_TRANSLATE_NOOP("Phrases", "{0} has more than 8 bits a pixel; it was reduced."),
    QT_TRANSLATE_NOOP("Phrases", "{0} products came twice; the first of each counts."),
    QT_TRANSLATE_NOOP(
        "Phrases", "The search is empty. Give words, barcodes, a category, a country or a brand."
    ),
    QT_TRANSLATE_NOOP("Phrases", "Edamam is searched by words only. Leave filters and barcodes out."),
    QT_TRANSLATE_NOOP(
        "Phrases", "There is no barcode among these lines. Give one barcode a line, digits only."
    ),
    QT_TRANSLATE_NOOP("Phrases", "The line holds no product and was left out."),
    QT_TRANSLATE_NOOP("Phrases", "An entry of Edamam holds no food and was left out."),
    QT_TRANSLATE_NOOP("Phrases", "A product has no usable barcode and was left out."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "This computer has no usable keyring, and keys are kept nowhere else. Unlock or install a keyring.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} The product is kept without it."),
    QT_TRANSLATE_NOOP("Phrases", "{0} in the archive {1}; it was left out."),
    QT_TRANSLATE_NOOP(
        "Phrases", "The specifications cannot be read ({0}); the product goes in without them."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "Another row has this key already and says something else; this one was left out."
    ),
    QT_TRANSLATE_NOOP("Phrases", "The picture {0} is not inside the picture folder; it was not read."),
    QT_TRANSLATE_NOOP(
        "Phrases", "No folder with the pictures was found; name it to have them. This is said once."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "Some bytes of the row are no text in the file's encoding; they became U+FFFD."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} is a link; links are not followed."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is no picture of a known kind."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is a {1} picture, whatever its name says; it was read as such."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read ({1}). Check the file and its rights."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is cut off: its end is missing. Fetch it again."),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} is no JPEG, PNG, WebP, GIF, BMP or TIFF picture. Convert it to one of these."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} has {1} million pixels, too many to open safely. Save it smaller."),
    QT_TRANSLATE_NOOP(
        "Phrases", "The attributes are no JSON object of texts; the product goes in without them."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} What was found is kept; the same import again goes on from there."),
    QT_TRANSLATE_NOOP("Phrases", "{0} knows nothing like that. Try other words or fewer filters."),
    QT_TRANSLATE_NOOP("Phrases", "Open Food Facts does not know the barcode {0}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is no barcode that Open Food Facts can use. Check its digits."),
    QT_TRANSLATE_NOOP("Phrases", "Another split has this key already; this entry was left out."),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} answered without a count, a sign of trouble in its database. Try again later."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} sent an incomplete answer, of which nothing was taken. Try again later."
    ),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} sent an unexpected answer, of which nothing was taken. Look for a new prodlabel."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} refused the key. Check the key and enter it again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} does not have that. Check the code or the address."),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} cannot be reached or did not answer in time. Check the network and try again."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} has an error of its own ({1}). Try again later to go on from there."),
    QT_TRANSLATE_NOOP("Phrases", "{0} answered with status {1}. Try again later."),
    QT_TRANSLATE_NOOP("Phrases", "The row says the same as an earlier one; it was left out."),
    QT_TRANSLATE_NOOP("Phrases", "The row holds NUL bytes; they were left out."),
    QT_TRANSLATE_NOOP("Phrases", "The row has neither key nor name nor description; it was left out."),
    QT_TRANSLATE_NOOP("Phrases", "{0} products were left out because they lack {1}."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} has groups of rows above 4 GB, over {1} columns, or two columns with one name. Write it anew with smaller groups.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} has no table named {1}. It has: {2}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is built so that its files overlap, as bombs are. Do not use it."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is larger than {1} bytes. Do not use the file."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds more than its archive claims. Do not use it."),
    QT_TRANSLATE_NOOP("Phrases", "{0} holds a link that leads elsewhere. Remove that folder and try again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be made ({1}). Copy the archive to a folder of your own."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} holds {1} bytes where at most {2} make sense. Take the file from a backup, or delete it and repeat the step that made it.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "Cannot {0} {1} ({2}). {3}"),
    QT_TRANSLATE_NOOP("Phrases", "{0} is open for reading only. Open the project for writing."),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} is damaged. Open the project for writing once, so that it is made anew."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} of {1} products have no vectors of {2} yet. Run encode first."),
    QT_TRANSLATE_NOOP("Phrases", "These vectors are open for reading only. Open the project for writing."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "The vectors in {0} have lost their description and do not fit {1} {2}. Move that folder out of the project and encode again.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} was written by a newer prodlabel (format {1}). Update prodlabel."),
    QT_TRANSLATE_NOOP("Phrases", "A demo catalogue of {0} products is too small. Ask for 20 or more."),
    QT_TRANSLATE_NOOP("Phrases", "The demo catalogue cannot be written to {0} ({1}). Choose another folder."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is not the network that was trained: it is damaged. Train it again."),
    QT_TRANSLATE_NOOP("Phrases", "A product stands twice in one relabel. Name each product once."),
    QT_TRANSLATE_NOOP("Phrases", "There is no category number {0} to put “{1}” under."),
    QT_TRANSLATE_NOOP("Phrases", "There is no category number {0} to move “{1}” to."),
    QT_TRANSLATE_NOOP("Phrases", "A category has no “{0}” to change."),
    QT_TRANSLATE_NOOP(
        "Phrases", "{0} has not the name of a dump. Choose a .jsonl.gz, .csv.gz or .parquet file."
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} is damaged or cut off. Fetch it again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be read or written ({1}). Check the disk and its rights."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is damaged. Delete it and give --contact again."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be written ({1}). Check its folder."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "{0} leads to an address that is not on the public internet or was not asked for. Allow the host in the settings if it is yours.",
    ),
    QT_TRANSLATE_NOOP("Phrases", "{0} is too long for a taxonomy. Choose another file."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is no taxonomy that can be read. Choose one of these: {1}."),
    QT_TRANSLATE_NOOP("Phrases", "{0} names no categories. Choose another file."),
    QT_TRANSLATE_NOOP("Phrases", "The line names no category; it was left out."),
    QT_TRANSLATE_NOOP("Phrases", "A project needs a folder with a name, and {0} has none. Choose another."),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "The process that decodes pictures could not be started. Close other programs, or decode in the program itself.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "The suggestions come from the names of the categories, and none of them counts as sure. Label a few more products, then train and suggest again.",
    ),
    QT_TRANSLATE_NOOP(
        "Phrases",
        "The suggestions were made by version {0}, and version {1} is in use. Suggest again first (`prodlabel suggest`).",
    ),
    QT_TRANSLATE_NOOP("Phrases", "There are no suggestions yet. Suggest first (`prodlabel suggest`)."),
    QT_TRANSLATE_NOOP("Phrases", "There is no product with the key “{0}”. Check the key."),
    QT_TRANSLATE_NOOP("Phrases", "{0} cannot be written ({1}). Check the free space and your rights."),
    QT_TRANSLATE_NOOP("Phrases", "{0} has not learnt this catalogue yet. Run `prodlabel encode` first."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is not what prodlabel wrote ({1})."),
    QT_TRANSLATE_NOOP("Phrases", "{0} is not what prodlabel wrote."),
)
"""What went wrong and what to do, and remarks on what was imported."""
