namespace Fovea.Data.Sources;

/// <summary>How a split is written.</summary>
public enum SplitMode
{
    /// <summary>Files are copied to <c>train/CLASS/</c> and <c>val/CLASS/</c>.</summary>
    Copy,

    /// <summary>Symbolic links to the files are made there.</summary>
    Link,

    /// <summary>Only lists are written: <c>train.txt</c> and <c>val.txt</c> («path label»), <c>classes.txt</c> («name label»).</summary>
    Lists,
}
