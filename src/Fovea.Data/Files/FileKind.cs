namespace Fovea.Data.Files;

/// <summary>What a path leads to.</summary>
internal enum FileKind
{
    /// <summary>The system does not say.</summary>
    Unknown,

    File,
    Folder,
    Link,
    Fifo,
    Socket,
    Device,
}
