#include <stdio.h>

int main(void)
{
	puts("causeway " CW_VERSION);
	return 0;
}
