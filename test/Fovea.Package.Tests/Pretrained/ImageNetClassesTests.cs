using Fovea.Pretrained;

namespace Fovea.Package.Tests.Pretrained;

public class ImageNetClassesTests
{
    [Fact]
    public void There_are_a_thousand_of_different_names_in_the_order_of_their_word_net_ids()
    {
        Assert.Equal((1000, 1000), (ImageNetClasses.Names.Distinct().Count(), ImageNetClasses.WordNetIds.Distinct().Count()));
        Assert.Equal((1000, 1000), (ImageNetClasses.Names.Count, ImageNetClasses.WordNetIds.Count));
        Assert.Equal(ImageNetClasses.WordNetIds.Order(StringComparer.Ordinal), ImageNetClasses.WordNetIds);
        Assert.All(ImageNetClasses.WordNetIds, id => Assert.Matches("^n[0-9]{8}$", id));
        Assert.All(ImageNetClasses.Names, name => Assert.Equal(name.Trim(), name));
    }

    [Theory]
    [InlineData(0, "n01440764", "tench")]
    [InlineData(134, "n02012849", "crane bird")]
    [InlineData(207, "n02099601", "golden retriever")]
    [InlineData(285, "n02124075", "Egyptian cat")]
    [InlineData(517, "n03126707", "crane")]
    [InlineData(638, "n03710637", "maillot")]
    [InlineData(639, "n03710721", "maillot tank suit")]
    [InlineData(954, "n07753592", "banana")]
    [InlineData(999, "n15075141", "toilet tissue")]
    public void Number_has_the_name_that_published_weights_give_it(int number, string id, string name) =>
        Assert.Equal((id, name), (ImageNetClasses.WordNetIds[number], ImageNetClasses.Names[number]));

    [Fact]
    public void Names_become_ids_for_data_that_have_ids_alone()
    {
        Assert.Same(ImageNetClasses.WordNetIds, ImageNetClasses.SpeltAs(ImageNetClasses.Names, ["n01440764", "n15075141"]));
        string[] other = ["a", "b"];
        Assert.Same(ImageNetClasses.Names, ImageNetClasses.SpeltAs(ImageNetClasses.Names, ["n01440764", "tench"]));
        Assert.Same(ImageNetClasses.Names, ImageNetClasses.SpeltAs(ImageNetClasses.Names, []));
        Assert.Same(other, ImageNetClasses.SpeltAs(other, ["n01440764"]));
        Assert.Null(ImageNetClasses.SpeltAs(null, ["n01440764"]));
    }
}
