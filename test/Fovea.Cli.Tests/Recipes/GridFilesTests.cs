using Fovea.Recipes.Ablations;

namespace Fovea.Cli.Tests.Recipes;

public class GridFilesTests
{
    public static TheoryData<string> Grids { get; } = [.. Directory.EnumerateFiles(Repository.Path("grids"), "*.yaml")
        .Select(path => Path.GetRelativePath(Repository.Root, path)).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Grids))]
    public void Every_shipped_grid_reads_and_compares_rows(string file) => Assert.True(AblationGrid.Load(Repository.Path(file)).Rows.Count > 1);

    /// <summary>Section 3.9 of pytorch-cifar-tricks.</summary>
    [Fact]
    public void The_grid_of_augmentations_has_the_eleven_rows_of_its_table_in_their_order() => Assert.Equal(
        [
            "base", "cutout", "mixup", "autoaugment", "random-erase", "cutout+mixup", "cutout+autoaugment", "cutout+random-erase", "mixup+autoaugment",
            "mixup+random-erase", "autoaugment+random-erase",
        ],
        AblationGrid.Load(Repository.Path("grids/shake-augmentation.yaml")).Rows.Select(row => row.Name));
}
