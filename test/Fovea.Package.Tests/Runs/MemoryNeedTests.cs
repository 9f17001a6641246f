using Fovea.Runs;

namespace Fovea.Package.Tests.Runs;

public class MemoryNeedTests
{
    private static string Told(double share)
    {
        var bytes = (long)(share * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        var told = new List<string>();
        new MemoryNeed(bytes / 4, bytes, "a net", "a smaller one").Check(told.Add);
        return string.Join('\n', told);
    }

    [Fact]
    public void Work_that_takes_more_than_four_fifths_of_the_memory_is_warned_of_before_it_does_not_fit()
    {
        Assert.Equal("", Told(0.7));
        Assert.StartsWith("a net takes about ", Told(0.85), StringComparison.Ordinal);
        Assert.EndsWith("if it does not suffice, try a smaller one", Told(1.5), StringComparison.Ordinal);
    }

    [Fact]
    public void Work_that_cannot_fit_is_refused()
    {
        var least = 2 * GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        Assert.Contains(
            "a net takes at least ",
            Assert.Throws<MemoryNeedException>(() => new MemoryNeed(least, least, "a net", "a smaller one").Check(_ => { })).Message,
            StringComparison.Ordinal);
    }
}
