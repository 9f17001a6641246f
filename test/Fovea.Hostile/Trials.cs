namespace Fovea.Hostile;

/// <summary>Gives a reader one hostile file after the other.</summary>
public static class Trials
{
    /// <summary>Reads the files of some rounds.</summary>
    /// <param name="subject">The reader.</param>
    /// <param name="seed">The key of all choices.</param>
    /// <param name="first">The first round.</param>
    /// <param name="count">How many rounds.</param>
    /// <param name="before">Called before each round with its number.</param>
    /// <param name="refused">Called with each exception with which a file is refused.</param>
    /// <exception cref="HostileException">A file gives an exception that is not the reader's own, or takes more memory than it may.</exception>
    public static Tally Run(Subject subject, ulong seed, int first, int count, Action<int>? before = null, Action<Exception>? refused = null)
    {
        var (accepted, largest) = (0, 0L);
        for (var round = first; round < first + count; round++)
        {
            before?.Invoke(round);
            var file = subject.Make(new Choices(seed, (ulong)round));
            var (isAccepted, bytes) = Read(subject, file, $"{subject.Name}, seed {seed}, round {round}", refused);
            if (isAccepted) accepted++;
            largest = Math.Max(largest, bytes);
        }

        return new(count, accepted, largest);
    }

    private static (bool IsAccepted, long Bytes) Read(Subject subject, byte[] file, string name, Action<Exception>? refused)
    {
        var (before, isAccepted) = (GC.GetAllocatedBytesForCurrentThread(), false);
        try
        {
            subject.Read(file);
            isAccepted = true;
        }
        catch (Exception e) when (!subject.Refuses(e))
        {
            throw new HostileException($"{name}: {file.Length} bytes gave {e.GetType().Name}: {e.Message}", e);
        }
        catch (Exception e) when (subject.Refuses(e))
        {
            refused?.Invoke(e);
        }

        var bytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return bytes <= subject.Bytes(file)
            ? (isAccepted, bytes)
            : throw new HostileException($"{name}: {file.Length} bytes took {bytes} bytes of memory; at most {subject.Bytes(file)} were expected");
    }
}
