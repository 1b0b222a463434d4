<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_GB" sourcelanguage="en_GB">
<context>
    <name>CheckDialog</name>
    <message numerus="yes">
        <source>%n of {total} need(s) a look.</source>
        <translation>
            <numerusform>%n of {total} needs a look.</numerusform>
            <numerusform>%n of {total} need a look.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>All %n result(s) are sound.</source>
        <translation>
            <numerusform>The one result is sound.</numerusform>
            <numerusform>All %n results are sound.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message numerus="yes">
        <source>%n text(s) written to “{file}”.</source>
        <translation>
            <numerusform>%n text written to “{file}”.</numerusform>
            <numerusform>%n texts written to “{file}”.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s) written.</source>
        <translation>
            <numerusform>%n file written.</numerusform>
            <numerusform>%n files written.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n result(s) left out because of a problem.</source>
        <translation>
            <numerusform>%n result left out because of a problem.</numerusform>
            <numerusform>%n results left out because of a problem.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FindBar</name>
    <message numerus="yes">
        <source>%n found</source>
        <translation>
            <numerusform>%n found</numerusform>
            <numerusform>%n found</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>FolderTreeModel</name>
    <message numerus="yes">
        <source>{folder}, %n image(s)</source>
        <translation>
            <numerusform>{folder}, %n image</numerusform>
            <numerusform>{folder}, %n images</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ForgetQuestion</name>
    <message numerus="yes">
        <source>This job of %n image(s) is deleted from the history.</source>
        <translation>
            <numerusform>This job of %n image is deleted from the history.</numerusform>
            <numerusform>This job of %n images is deleted from the history.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImageActions</name>
    <message numerus="yes">
        <source>%n path(s) copied.</source>
        <translation>
            <numerusform>%n path copied.</numerusform>
            <numerusform>%n paths copied.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) taken off the list; the files stay where they are.</source>
        <translation>
            <numerusform>%n image taken off the list; the files stay where they are.</numerusform>
            <numerusform>%n images taken off the list; the files stay where they are.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ImageBrowser</name>
    <message numerus="yes">
        <source>%n image(s) were read before; “Only unprocessed” leaves them out.</source>
        <translation>
            <numerusform>%n image was read before; “Only unprocessed” leaves it out.</numerusform>
            <numerusform>%n images were read before; “Only unprocessed” leaves them out.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>JobForgetter</name>
    <message numerus="yes">
        <source>The job is forgotten, and %n result file(s) deleted.</source>
        <translation>
            <numerusform>The job is forgotten, and %n result file is deleted.</numerusform>
            <numerusform>The job is forgotten, and %n result files are deleted.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n result file(s) stay(s).</source>
        <translation>
            <numerusform>%n result file stays.</numerusform>
            <numerusform>%n result files stay.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Legend</name>
    <message numerus="yes">
        <source>%n doubtful word(s) of {total}</source>
        <translation>
            <numerusform>%n doubtful word of {total}</numerusform>
            <numerusform>%n doubtful words of {total}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>Narrowing</name>
    <message numerus="yes">
        <source>%n image(s) with this text.</source>
        <translation>
            <numerusform>%n image with this text.</numerusform>
            <numerusform>%n images with this text.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>NoticesBanner</name>
    <message numerus="yes">
        <source>%n notice(s) before the start:</source>
        <translation>
            <numerusform>%n notice before the start:</numerusform>
            <numerusform>%n notices before the start:</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueModel</name>
    <message numerus="yes">
        <source>%n image(s) in “{folder}”</source>
        <translation>
            <numerusform>%n image in “{folder}”</numerusform>
            <numerusform>%n images in “{folder}”</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QueueRow</name>
    <message numerus="yes">
        <source>%n runs wait; next: {run}</source>
        <translation>
            <numerusform>%n run waits; next: {run}</numerusform>
            <numerusform>%n runs wait; next: {run}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>QuitQuestion</name>
    <message numerus="yes">
        <source>A run is going on; %n image(s) have not been read yet.</source>
        <translation>
            <numerusform>A run is going on; %n image has not been read yet.</numerusform>
            <numerusform>A run is going on; %n images have not been read yet.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n more run(s) wait(s) in the queue.</source>
        <translation>
            <numerusform>%n more run waits in the queue.</numerusform>
            <numerusform>%n more runs wait in the queue.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ResumeOffer</name>
    <message numerus="yes">
        <source>%n more run(s) were left.</source>
        <translation>
            <numerusform>%n more run was left.</numerusform>
            <numerusform>%n more runs were left.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The run of {date} over %n image(s) has not been begun.</source>
        <translation>
            <numerusform>The run of {date} over %n image has not been begun.</numerusform>
            <numerusform>The run of {date} over %n images has not been begun.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The last run was interrupted after {done} of %n image(s).</source>
        <translation>
            <numerusform>The last run was interrupted after {done} of %n image.</numerusform>
            <numerusform>The last run was interrupted after {done} of %n images.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>The run of {date} was interrupted after {done} of %n image(s).</source>
        <translation>
            <numerusform>The run of {date} was interrupted after {done} of %n image.</numerusform>
            <numerusform>The run of {date} was interrupted after {done} of %n images.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>ScanDisplay</name>
    <message numerus="yes">
        <source>%n image(s) found; some folders could not be opened.</source>
        <translation>
            <numerusform>%n image found; some folders could not be opened.</numerusform>
            <numerusform>%n images found; some folders could not be opened.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n image(s) found.</source>
        <translation>
            <numerusform>%n image found.</numerusform>
            <numerusform>%n images found.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>StateChips</name>
    <message numerus="yes">
        <source>{state}, %n image(s)</source>
        <translation>
            <numerusform>{state}, %n image</numerusform>
            <numerusform>{state}, %n images</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>TroubleBanner</name>
    <message numerus="yes">
        <source>Paused after {done} of %n image(s). {message}</source>
        <translation>
            <numerusform>Paused after {done} of %n image. {message}</numerusform>
            <numerusform>Paused after {done} of %n images. {message}</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>WindowRun</name>
    <message numerus="yes">
        <source>%n image(s) ticked to be read again.</source>
        <translation>
            <numerusform>%n image is ticked to be read again.</numerusform>
            <numerusform>%n images are ticked to be read again.</numerusform>
        </translation>
    </message>
</context>
</TS>
