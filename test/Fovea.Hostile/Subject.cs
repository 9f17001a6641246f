namespace Fovea.Hostile;

/// <summary>A reader, and what makes files for it that are right in their structure but for a few places.</summary>
public abstract class Subject
{
    /// <summary>The name on the command line and in results.</summary>
    public abstract string Name { get; }

    /// <summary>A file; checksums and lengths are those of its content unless they are the place that is wrong.</summary>
    public abstract byte[] Make(Choices choices);

    /// <summary>Reads a file and does with it what a program would.</summary>
    /// <exception cref="Exception">The file is refused; <see cref="Refuses"/> says with what.</exception>
    public abstract void Read(byte[] file);

    /// <summary>Whether an exception is one with which the reader may refuse a file.</summary>
    public abstract bool Refuses(Exception failure);

    /// <summary>The most memory that reading a file may allocate on its thread.</summary>
    public virtual long Bytes(byte[] file) => (64L << 20) + (64L * file.Length);
}
