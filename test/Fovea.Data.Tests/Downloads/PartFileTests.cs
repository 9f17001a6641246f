using Fovea.Data.Downloads;
using Fovea.Data.Files;

namespace Fovea.Data.Tests.Downloads;

public sealed class PartFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => _folder["x.part"];

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Part_is_had_by_one_at_a_time()
    {
        using (var first = PartFile.TryTake(Path))
        {
            first!.Append([1, 2]);
            Assert.Null(PartFile.TryTake(Path));
        }

        using var second = PartFile.TryTake(Path);
        Assert.Equal(2, second!.Length);
    }

    [Fact]
    public void Part_that_has_become_the_file_makes_room_for_another()
    {
        using var first = PartFile.TryTake(Path);
        first!.Append([1, 2]);
        first.Become(_folder["x"]);
        using var second = PartFile.TryTake(Path);
        Assert.Equal(0, second!.Length);
        Assert.Equal(new FileInfo(_folder["x"]).Length, first.Length);
    }

    [Fact]
    public void Nothing_stays_of_an_empty_part()
    {
        PartFile.TryTake(Path)!.Dispose();
        Assert.Empty(Directory.GetFiles(_folder[""]));
    }

    [Fact]
    public void File_that_is_open_is_told_from_another_under_its_name()
    {
        using var file = new FileStream(Path, FileMode.Create);
        Assert.Equal(FileFacts.Of(Path), FileFacts.Of(file.SafeFileHandle));
        File.Move(Path, _folder["moved"]);
        File.WriteAllBytes(Path, [1]);
        Assert.NotEqual(FileFacts.Of(Path), FileFacts.Of(file.SafeFileHandle));
        Assert.Equal(FileFacts.Of(_folder["moved"]), FileFacts.Of(file.SafeFileHandle));
    }
}
