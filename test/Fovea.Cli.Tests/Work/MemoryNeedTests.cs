using Fovea.Cli.Output;
using Fovea.Cli.Usage;
using Fovea.Cli.Work;

namespace Fovea.Cli.Tests.Work;

public class MemoryNeedTests
{
    private static string Told(double share)
    {
        var bytes = (long)(share * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        using var error = new StringWriter();
        new MemoryNeed(bytes / 4, bytes, "a net", "a smaller one").Check(new Report(new Terminal(TextWriter.Null, error), json: false));
        return error.ToString();
    }

    [Fact]
    public void Work_that_takes_more_than_four_fifths_of_the_memory_is_warned_of_before_it_does_not_fit()
    {
        Assert.Equal("", Told(0.7));
        Assert.StartsWith("warning: a net takes about ", Told(0.85), StringComparison.Ordinal);
        Assert.EndsWith("if it does not suffice, try a smaller one\n", Told(1.5), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_that_cannot_fit_is_refused()
    {
        var least = 2 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.Contains(
            "a net takes at least ",
            Assert.Throws<UsageException>(
                () => new MemoryNeed(least, least, "a net", "a smaller one").Check(new(new Terminal(TextWriter.Null, TextWriter.Null), json: false))).Message,
            StringComparison.Ordinal);
    }
}
